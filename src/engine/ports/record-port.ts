import type { LoadedRule } from '../../rules/ruleset/ruleset.ts'
import type { LoginClock } from '../../sandbox/wire/run-overrides.ts'
import type { HttpExchange } from '../../sandbox/wire/http-exchange.ts'
import type { ResumePoint } from '../../sandbox/wire/resume-point.ts'
import type { HostShapes } from '../../sandbox/wire/host-shape.ts'
import type { Program } from '../../sandbox/wire/protocol.ts'
import type { Outcome } from '../outcome/outcome.ts'

/**
 * Gets one login after its end: its input, what it did, and its outcome. The login does not wait for it; `engine.close` does.
 * What it throws becomes a warning of the process.
 *
 * @example
 * const record: RecordPort = (run) => queue.push(run)
 */
export type RecordPort = (run: RecordedRun) => void | Promise<void>

/**
 * Everything that a replay of a login needs. Nothing is redacted, so it contains secrets.
 *
 * @example
 * createEngine({ rules, record: (run: RecordedRun) => logger.info(run.outcome.outcome, run.atMs) })
 */
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
  /** `encode({ user, context })` before the rules. */
  readonly login: string
  /** Where the login continued, if it had been suspended. */
  readonly resumePoint?: ResumePoint
  /** What `auth0` showed of the tenant. */
  readonly tenant: Readonly<Record<string, unknown>>
  readonly clock: LoginClock
  readonly seed: string
  /** The members of `global` that are data, each as `encode` writes it. */
  readonly global: Readonly<Record<string, string>>
  readonly exchanges: readonly HttpExchange[]
  readonly calls: readonly RecordedCall[]
  readonly outcome: Outcome
}

/**
 * A rule of a recorded login.
 *
 * @example
 * const names = run.rules.map(({ name }: RecordedRule) => name)
 */
export type RecordedRule = Pick<LoadedRule, 'name' | 'kind' | 'script' | 'filename' | 'onError' | 'secrets'>

/**
 * One call of a rule to the embedder: JSON for `auth0.users.*`, `encode`'s text for a host module.
 *
 * @example
 * const failures = run.calls.filter(({ error }) => error !== undefined)
 */
export interface RecordedCall {
  /** `users.updateAppMetadata`, or `modules.` and the path of the function, with a line break between its members. */
  readonly name: string
  readonly input: string
  readonly answer?: string
  readonly error?: { readonly name: string; readonly message: string; readonly code?: string }
}
