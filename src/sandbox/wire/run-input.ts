import type { ResumePoint } from './resume-point.ts'
import type { RunOverrides } from './run-overrides.ts'

/** One login as the engine gives it to the rules. It crosses the process border as it is. */
export interface RunInput {
  /** `encode({ user, context })`. */
  readonly login: string
  /** The JSON of a `TenantInfo`. */
  readonly tenant: string
  /** Undefined if the login begins at the first rule. */
  readonly resumePoint: ResumePoint | undefined
  /** Undefined if the rules get the time, the randomness and the `global` of their worker. */
  readonly overrides: RunOverrides | undefined
  /** The time limit of all rules together. */
  readonly wallMs: number
}
