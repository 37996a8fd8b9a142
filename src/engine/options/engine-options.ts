import type { ConfiguredValue } from '../../profile/rule/configured-value.ts'
import type { RuleInput } from '../../profile/rule/rule.ts'
import type { LaunchOptions } from '../../sandbox/host/launch-options.ts'
import type { FetchPort } from '../../sandbox/net/host/embedder-fetch.ts'
import type { EngineLimits } from './engine-limits.ts'
import type { HostModules } from '../ports/host-modules.ts'
import type { InspectorPort } from '../ports/inspector-port.ts'
import type { RecordPort } from '../ports/record-port.ts'
import type { RuleSource } from '../ports/rule-source.ts'
import type { SuspendedLoginStore } from '../ports/suspended-login-store.ts'
import type { UsersPort } from '../ports/users-port.ts'

/**
 * What rules may reach.
 *
 * @example
 * createEngine({ rules, network: { allow: ['localhost:8080'] } })
 */
export interface EngineNetwork {
  /** Which private addresses `fetch` and sockets may reach: `['localhost:8080', '10.0.0.0/8']`. None by default. */
  readonly allow?: readonly string[]
  /** The only hosts that rules may call or look up: `['crm.example', '*.crm.example:443']`. Default: any. */
  readonly hosts?: readonly string[]
  /** The URL of a proxy that all connections of rules go through, by CONNECT: `http://user:password@proxy.example:3128`. */
  readonly proxy?: string
  /** Answers every request of the rules. No connection is made, so `allow` has no effect and sockets are refused. */
  readonly fetch?: FetchPort
}

/**
 * Options of `createEngine`.
 *
 * @example
 * const options: EngineOptions = { rules: 'rules', configuration: { DOMAIN: 'example.com' }, limits: { wallPerLoginMs: 5_000 } }
 */
export interface EngineOptions {
  /** A folder of rules, or the rules themselves. */
  readonly rules: string | readonly RuleInput[]
  /** What rules find in `configuration`; it overrides the folder's own. `{ value, hosts }` is a secret that they never have. */
  readonly configuration?: Readonly<Record<string, ConfiguredValue>>
  /** Rules that are stored elsewhere. They run after `rules`; one with the name of a rule replaces it. */
  readonly ruleSource?: RuleSource
  /** Functions and data that rules `require` by name. They run in this process, under the deadline of the login. */
  readonly modules?: HostModules
  /** Where `require` looks for packages after the rules' own folder: a folder with a `node_modules` in it or above it. */
  readonly modulesFolder?: string
  /** What actions find in `event.secrets`; it overrides an action's own. `{ value, hosts }` is a secret that they never have. */
  readonly secrets?: Readonly<Record<string, ConfiguredValue>>
  /** Implements `auth0.users.*`, and saves the metadata that actions set. */
  readonly users?: UsersPort
  /** Keeps logins while their users are elsewhere. Default: the memory of this process. */
  readonly suspendedLogins?: SuspendedLoginStore
  /** Limits of time, CPU, memory, output, requests and processes. Each has a default. */
  readonly limits?: Partial<EngineLimits>
  /** Which hosts and private addresses rules may reach, or a function that answers their requests. */
  readonly network?: EngineNetwork
  /** How worker processes are started: a command such as bubblewrap around them, and another user. */
  readonly worker?: LaunchOptions
  /** `hardened` (default): frozen builtins, clean for every login. `fresh`: builtins that rules may change; costs about 0.5 ms per login. */
  readonly realm?: 'hardened' | 'fresh'
  /**
   * Packages that you install for rules. `isolated` (default): every login evaluates them in a context of its own, in some
   * milliseconds. `shared`: logins share them, and may find what earlier logins left in them, secrets included.
   */
  readonly moduleState?: 'isolated' | 'shared'
  /**
   * Whether contexts that are used once come from a V8 snapshot in which packages have been evaluated (default `true`). A process
   * of its own makes it; logins before it is ready, and all logins with `false`, evaluate their packages anew.
   */
  readonly snapshots?: boolean
  /** What happens to the login if a rule fails and has no `onError` itself. Default `deny`. */
  readonly onError?: 'deny' | 'skip'
  /** Connects a debugger to the rules. No login begins before it is connected, and no deadline applies. */
  readonly inspector?: InspectorPort
  /** Gets each login after its end, with everything that a replay needs. `recordInto(folder)` writes it to a file. */
  readonly record?: RecordPort
  /** The time here, in milliseconds since 1970. Default `Date.now`. */
  readonly clock?: () => number
}
