import type { RuleInput } from '../../profile/rule/rule.ts'
import type { FetchPort } from '../../sandbox/net/host/embedder-fetch.ts'
import type { EngineLimits } from './engine-limits.ts'
import type { HostModules } from '../ports/host-modules.ts'
import type { InspectorPort } from '../ports/inspector-port.ts'
import type { RecordPort } from '../ports/record-port.ts'
import type { RuleSource } from '../ports/rule-source.ts'
import type { SuspendedLoginStore } from '../ports/suspended-login-store.ts'
import type { UsersPort } from '../ports/users-port.ts'

export interface EngineNetwork {
  /** Which private addresses `fetch` and sockets may reach: `['localhost:8080', '10.0.0.0/8']`. None by default. */
  readonly allow?: readonly string[]
  /** Answers every request of the rules, whichever way they make it: no connection is made, so `allow` has no say, and sockets are refused. */
  readonly fetch?: FetchPort
}

export interface EngineOptions {
  /** A folder of rules, or the rules themselves. */
  readonly rules: string | readonly RuleInput[]
  /** What rules find in `configuration`; it wins over the folder's own. */
  readonly configuration?: Readonly<Record<string, string>>
  /** Rules that are stored elsewhere. They run after `rules`; one takes the place of a rule of the same name. */
  readonly ruleSource?: RuleSource
  /** Functions and data of your own that rules `require` by name; they run here, under the deadline of the login. */
  readonly modules?: HostModules
  /** Where `require` looks for packages after the rules' own folder: a folder that has, or is below one that has, a `node_modules`. */
  readonly modulesFolder?: string
  /** What actions find in `event.secrets`; it wins over an action's own. */
  readonly secrets?: Readonly<Record<string, string>>
  /** What stands behind `auth0.users.*`, and where the metadata goes that actions set. */
  readonly users?: UsersPort
  /** Where logins are kept while their users are elsewhere. By default in this process, and gone with it. */
  readonly suspendedLogins?: SuspendedLoginStore
  readonly limits?: Partial<EngineLimits>
  readonly network?: EngineNetwork
  /** `hardened` (default): frozen builtins, clean for every login. `fresh`: builtins that rules may change, at some 0.5 ms a login. */
  readonly realm?: 'hardened' | 'fresh'
  /** What a rule that fails does to the login, where the rule itself does not say. Default `deny`. */
  readonly onError?: 'deny' | 'skip'
  /** Lets a debugger into the rules. No login begins before it is there, and no deadline counts. */
  readonly inspector?: InspectorPort
  /** Takes each login when it is over, with all that it takes to run it again: `recordInto(folder)` writes it to a file. */
  readonly record?: RecordPort
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly clock?: () => number
}
