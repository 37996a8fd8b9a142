import type { LoadedRule } from '../../rules/ruleset/ruleset.ts'
import type { LoginClock } from '../../sandbox/wire/run-overrides.ts'
import type { HttpExchange } from '../../sandbox/wire/http-exchange.ts'
import type { ResumePoint } from '../../sandbox/wire/resume-point.ts'
import type { HostShapes } from '../../sandbox/wire/host-shape.ts'
import type { Program } from '../../sandbox/wire/protocol.ts'
import type { Outcome } from '../outcome/outcome.ts'

/**
 * Takes what one login was given, did and came to, once it is over. The login does not wait for it, and what it throws is
 * a warning of the process; `close` waits.
 */
export type RecordPort = (run: RecordedRun) => void | Promise<void>

/** All that it takes to run a login again, as it was: nothing is left out or hidden, so that it holds secrets. */
export interface RecordedRun {
  /** When it began, in milliseconds since 1970. */
  readonly atMs: number
  readonly trigger: Program['trigger']
  readonly rules: readonly RecordedRule[]
  readonly realm: 'hardened' | 'fresh'
  /** Where the rules' own modules are. */
  readonly folder?: string
  readonly configuration: Readonly<Record<string, string>>
  readonly modules: HostShapes
  /** `{ user, context }` before the rules, as `encode` wrote it. */
  readonly login: string
  /** Where the login went on, if it was suspended before. */
  readonly resumePoint?: ResumePoint
  /** What `auth0` showed of the tenant. */
  readonly tenant: Readonly<Record<string, unknown>>
  readonly clock: LoginClock
  readonly seed: string
  /** What stood on `global` and is data, each as `encode` wrote it. */
  readonly global: Readonly<Record<string, string>>
  readonly exchanges: readonly HttpExchange[]
  readonly calls: readonly RecordedCall[]
  readonly outcome: Outcome
}

export type RecordedRule = Pick<LoadedRule, 'name' | 'kind' | 'script' | 'filename' | 'onError' | 'secrets'>

/** One call of rules to the embedder: of `auth0.users.*` in JSON, of a host module as `encode` writes. */
export interface RecordedCall {
  /** `users.updateAppMetadata`, or `modules.` and the path of the function, with a line break between its members. */
  readonly name: string
  readonly input: string
  readonly answer?: string
  readonly error?: { readonly name: string; readonly message: string; readonly code?: string }
}
