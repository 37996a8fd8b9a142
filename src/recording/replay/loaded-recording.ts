import type { HostModules } from '../../engine/ports/host-modules.ts'
import type { Outcome } from '../../engine/outcome/outcome.ts'
import type { RunOptions } from '../../engine/options/run-options.ts'
import type { UsersPort } from '../../engine/ports/users-port.ts'
import type { LoginContext } from '../../profile/context/context.ts'
import type { User } from '../../profile/user/user.ts'
import type { FetchPort } from '../../sandbox/net/host/embedder-fetch.ts'

/** A recorded login that is ready to run again. */
export interface LoadedRecording {
  readonly user: User
  readonly context: LoginContext
  /** What rules find in `configuration`: the values that `loadRecording` was given, and placeholder values for the others. */
  readonly configuration: Readonly<Record<string, string>>
  /**
   * Answers each recorded request once, by method, URL and body. A request that is not recorded fails with `NOT_RECORDED`.
   */
  readonly fetch: FetchPort
  /** Answers `auth0.users.*` as it was answered. */
  readonly users: UsersPort
  /** Answers calls to host modules as they were answered. */
  readonly modules: HostModules
  readonly clock: NonNullable<RunOptions['time']>
  readonly seed: string
  readonly global: Readonly<Record<string, unknown>>
  /** Where the login resumed, if it was suspended before. */
  readonly resumePoint?: NonNullable<RunOptions['resumePoint']>
  /** The outcome as the file holds it: secrets are placeholders. */
  readonly outcome: Outcome
}

/** Values of secrets, which a recording does not hold. */
export interface RecordingSecrets {
  readonly configuration?: Readonly<Record<string, string>>
  /** Secrets of actions, by their names. */
  readonly secrets?: Readonly<Record<string, string>>
}
