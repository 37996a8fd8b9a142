import type { LoginInput } from '../../engine/ports/login-input.ts'
import type { Outcome } from '../../engine/outcome/outcome.ts'

/** A request of an auth server: the headers, and the body as it was signed. */
export interface Delivery {
  readonly headers: Headers
  readonly body: string
}

/** The response to the auth server; empty without a body. */
export interface HookResponse {
  readonly status: number
  readonly body?: unknown
}

/**
 * The hook that one auth server calls while it issues tokens: pure functions from its request to a login, and from the
 * outcome to its response. `Payload` is the type of `schema`.
 */
export interface Hook<Payload> {
  /** The last part of the path: `/hooks/<name>`. */
  readonly name: string
  /** A JSON Schema of the members that the hook reads; other members may be anything. */
  readonly schema: object
  /** The format of the secret, if the vendor has one. */
  readonly secretFormat?: { readonly pattern: RegExp; readonly example: string }
  /** Whether the sender knows the secret and, if the vendor signs a timestamp, the delivery is recent. */
  isAuthentic(delivery: Delivery, secret: string, nowMs: number): boolean
  /** The vendor's id of a delivery, which a repeated delivery has too; undefined if there is none. */
  readDeliveryId?(payload: Payload, headers: Headers): string | undefined
  /** The input of the rules; undefined if there is no user, so that no rules run. */
  toLogin(payload: Payload): LoginInput | undefined
  /** The response that leaves the tokens unchanged. */
  passThrough(payload: Payload): HookResponse
  allow(payload: Payload, outcome: Outcome): HookResponse
  /** The vendor's response to a denied login; `reason` is a sentence for the user. */
  deny(reason: string): HookResponse
}
