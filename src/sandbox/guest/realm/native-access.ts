import type { Ops } from '../driver/ops.ts'
import type { ModuleTable } from './modules.ts'

/** The bundle of a ruleset's modules, which gets access to the host for its replacements of Node's modules. */
export type ModuleFactory = (native: NativeAccess) => ModuleTable

/** Access to the host for the guest's replacements of Node's modules. */
export interface NativeAccess {
  readonly ops: Ops
  /** The start of the process that the login seems to run in, in ms since 1970. */
  readonly originMs: () => number
  /** While the realm boots: has a function called before each login. A realm for one login ignores it. */
  onLogin(reset: () => void): void
  /** While the realm boots: takes functions that a module keeps for itself, to freeze them. `list` is called after the start. */
  share(list: () => readonly unknown[]): void
}
