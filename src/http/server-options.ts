import type { EngineOptions } from '../engine/options/engine-options.ts'
import type { LoginOptions } from '../login/options.ts'
import type { Store } from '../store/contract/store.ts'
import type { HandlerOptions } from './handler.ts'
import type { HooksOptions } from './hooks/hooks.ts'

export interface AuthServerOptions {
  /** Without a slash at the end, such as `https://login.example.com`. */
  readonly issuer: string
  /** Where users, clients, keys and rules are kept: what `openStore` resolves to. The caller closes it. */
  readonly store: Store
  /** Options of the engine. The rules of the store always run; `rules` here run before them. */
  readonly engine?: Partial<Omit<EngineOptions, 'users' | 'ruleSource' | 'suspendedLogins' | 'clock'>>
  /** Options of logins. */
  readonly login?: Partial<Omit<LoginOptions, 'engine' | 'store' | 'issuer'>>
  /** The secret of each other auth server whose hook runs the same rules, at `/hooks/<vendor>`. */
  readonly hooks?: HooksOptions['secrets']
  readonly onInternalError?: HandlerOptions['onInternalError']
  /** Called if the rules in the store cannot run; logins keep the previous rules. */
  readonly onInvalidRules?: (error: unknown) => void
  readonly trustProxy?: HandlerOptions['trustProxy']
  readonly rateLimits?: HandlerOptions['rateLimits']
}
