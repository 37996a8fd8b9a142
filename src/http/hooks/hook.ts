import type { LoginInput } from '../../engine/ports/login-input.ts'
import type { Outcome } from '../../engine/outcome/outcome.ts'

/** What came over the wire: the headers, and the body as it was signed. */
export interface Delivery {
  readonly headers: Headers
  readonly body: string
}

/** What goes back to the auth server; without a body the answer is empty. */
export interface HookResponse {
  readonly status: number
  readonly body?: unknown
}

/**
 * How one auth server calls out while it makes tokens: pure functions from its request to a login, and from the outcome
 * to its answer. `Payload` is what `schema` describes.
 */
export interface Hook<Payload> {
  /** The last part of its path: `/hooks/<name>`. */
  readonly name: string
  /** What of the payload is relied on, as a JSON Schema; the rest may be anything. */
  readonly schema: object
  /** What the secret looks like, where the vendor gives it a form. */
  readonly secretFormat?: { readonly pattern: RegExp; readonly example: string }
  /** Whether the delivery comes from somebody who knows the secret, and not from long ago. */
  isAuthentic(delivery: Delivery, secret: string, nowMs: number): boolean
  /** The vendor's own id of a delivery, by which a second one is known; undefined where there is none. */
  readDeliveryId?(payload: Payload, headers: Headers): string | undefined
  /** The login that rules run over; undefined where there is no user, so that none run. */
  toLogin(payload: Payload): LoginInput | undefined
  /** The answer that leaves the tokens as they are. */
  passThrough(payload: Payload): HookResponse
  allow(payload: Payload, outcome: Outcome): HookResponse
  /** The vendor's own form of a refusal; `reason` is a sentence for the person who logs in. */
  deny(reason: string): HookResponse
}
