import { type PrepareOptions, prepareRealm } from './boot.ts'
import { freshKind } from './fresh.ts'
import type { ModuleFactory } from './realm/native-access.ts'
import { neutralizeToJson, removeUnsafeBuiltins, removeUnsafeGlobals } from './realm/remove-unsafe-builtins.ts'
import type { Host } from '../wire/guest-contract.ts'
import { defineProperty, deleteProperty, getOwnPropertyDescriptor } from '../wire/primordials.ts'

/** The global that binds the host in each context of a snapshot. */
const bindName = 'claimsmithBind'

/**
 * Prepares a context for one login, for a snapshot of it. In each context from the snapshot, the worker calls the global
 * `claimsmithBind` before anything else. `host` gets the calls of modules that start.
 */
export function boot(options: PrepareOptions, bundle: ModuleFactory | undefined, host?: Host): void {
  const atomics = getOwnPropertyDescriptor(globalThis, 'Atomics')!
  // V8 defines it in contexts only, and modules may read stacks while they start.
  Error.stackTraceLimit = 10
  removeUnsafeBuiltins(globalThis)
  const prepared = prepareRealm(freshKind, options, bundle, host)
  const bind: typeof prepared.bind = (...input) => {
    deleteProperty(globalThis, bindName)
    removeUnsafeGlobals(globalThis)
    neutralizeToJson()
    return prepared.bind(...input)
  }
  defineProperty(globalThis, bindName, { value: bind, configurable: true })
  deleteProperty(Error, 'stackTraceLimit')
  // V8 aborts in a context from a snapshot that lacks it. No module has seen it.
  defineProperty(globalThis, 'Atomics', atomics)
}
