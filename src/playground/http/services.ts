import type { LoginSettings } from '../../login/options.ts'
import type { Store } from '../../store/contract/store.ts'
import type { TokenIssuer } from '../../tokens/issuer.ts'
import type { DryRunner } from '../runs/dry-runner.ts'
import type { Recordings } from './recordings.ts'
import type { LoginStreams } from './login-stream.ts'
import type { RuleRepository } from '../rules/rule-repository.ts'

/** What every route may use. */
export interface PlaygroundServices {
  readonly store: Store
  readonly issuer: TokenIssuer
  readonly clock: () => number
  readonly repository: RuleRepository
  readonly runner: DryRunner
  readonly streams: LoginStreams
  readonly recordings: Recordings
  /** The settings with which this server issues tokens for real logins. */
  readonly settings: LoginSettings
}
