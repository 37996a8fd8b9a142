import type { ModuleOptions } from '../../wire/guest-contract.ts'
import { pathCure } from '../../wire/path-cure.ts'
import { createExportTracker } from './export-tracker.ts'
import { type SharedExports, hardenModules } from './harden-modules.ts'
import { type SharedWrites, isFrozenError } from './shared-writes.ts'
import {
  NativeError,
  NativeMap,
  defineProperty,
  hasOwn,
  keys,
  mapGet,
  mapSet,
  push,
  sliceText,
  toText,
} from '../../wire/primordials.ts'

/** The bundle of a ruleset's modules: the required name, or `global NAME`, and a function that loads the module. */
export type ModuleTable = Readonly<Record<string, () => unknown>>

/** A module that was loaded when its realm was created: its exports, or why it failed. */
interface LoadedModule {
  readonly exports?: unknown
  /** Creates an error for each use: two logins that got the same error could share data through it. */
  readonly createError?: () => Error
}

export interface Modules {
  /** Modules that are globals. */
  readonly globals: Readonly<Record<string, unknown>>
  /** Globals whose module starts in each login that reads them. */
  readonly loginGlobals: Readonly<Record<string, () => unknown>>
  /** Globals whose module failed to load; each throws why. */
  readonly brokenGlobals: Readonly<Record<string, () => never>>
  /** Throws MODULE_NOT_FOUND or MODULE_REFUSED if there is no such module. */
  readonly require: (name: unknown) => unknown
  /** Gives the next login modules in the state that they have after their start. */
  restore(): void
}

/** What starts the modules of a realm. */
export interface ModuleStart {
  readonly table: ModuleTable
  readonly options: ModuleOptions
  /** Lists functions that modules keep for themselves. */
  readonly innerFunctions: readonly (() => readonly unknown[])[]
  /** Whether the realm serves one login only. Then nothing is tracked or frozen. */
  readonly isSingleUse: boolean
  readonly freezeDeep: (value: object) => void
  readonly writes: SharedWrites
}

const globalPrefix = 'global '

/**
 * Starts the modules of a realm, so that no login finds what another one left.
 *
 * - Modules of ours start with the realm, and are frozen.
 * - Those whose closures hold state start again in each login that uses them.
 * - Packages of the user start with the realm, and their exports are restored between logins.
 */
export function startModules(start: ModuleStart): Modules {
  const { table, options, innerFunctions, isSingleUse, freezeDeep, writes } = start
  const realmModules = new NativeMap<string, LoadedModule>()
  let loginModules = new NativeMap<string, LoadedModule>()
  const tracker = createExportTracker()
  const names = keys(table)
  const globals: Record<string, unknown> = {}
  const loginGlobals: Record<string, () => unknown> = {}
  const brokenGlobals: Record<string, () => never> = {}
  const frozenExports: SharedExports[] = []

  function startWithRealm(name: string): LoadedModule {
    const loaded = loadModule(name, table[name]!, options, isSingleUse)
    mapSet(realmModules, name, loaded)
    return loaded
  }

  function startInLogin(name: string): LoadedModule | undefined {
    if (!hasOwn(table, name)) return undefined
    const loaded = mapGet(loginModules, name) ?? loadModule(name, table[name]!, options, isSingleUse)
    mapSet(loginModules, name, loaded)
    return loaded
  }

  function require(name: unknown): unknown {
    const loaded = typeof name === 'string' ? (mapGet(realmModules, name) ?? startInLogin(name)) : undefined
    if (loaded === undefined) throw createModuleError(name, options)
    if (loaded.createError === undefined) return loaded.exports
    throw loaded.createError()
  }

  for (let index = 0; index < names.length; index++) {
    const name = names[index]!
    const globalName = readGlobalName(name)
    const lifetime = readOwnText(options.provided, name)
    if (lifetime === 'login' && !isSingleUse) {
      if (globalName !== undefined) loginGlobals[globalName] = () => require(name)
      // V8 compiles it here, not at the expense of a rule, and what it requires of the realm is hardened.
      loadModule(name, table[name]!, options, isSingleUse)
      continue
    }
    const { exports, createError } = startWithRealm(name)
    if (lifetime !== undefined) push(frozenExports, { name: formatModuleName(name), exports })
    if (globalName === undefined) continue
    if (createError === undefined) globals[globalName] = exports
    else brokenGlobals[globalName] = () => require(name) as never
  }
  const failedNames = keys(options.failures)
  for (let index = 0; index < failedNames.length; index++) {
    const globalName = readGlobalName(failedNames[index]!)
    if (globalName !== undefined) brokenGlobals[globalName] = () => require(failedNames[index]) as never
  }
  if (!isSingleUse) {
    // Not before: a package of the user may change modules of ours while it starts.
    hardenModules([...frozenExports, ...listInner(innerFunctions)], freezeDeep, writes)
    for (let index = 0; index < names.length; index++) {
      const name = names[index]!
      if (!hasOwn(options.provided, name)) tracker.add(mapGet(realmModules, name)?.exports)
    }
  }

  return {
    globals,
    loginGlobals,
    brokenGlobals,
    require,
    restore() {
      tracker.restore()
      if (loginModules.size > 0) loginModules = new NativeMap<string, LoadedModule>()
    },
  }
}

function listInner(innerFunctions: ModuleStart['innerFunctions']): SharedExports[] {
  const shared: SharedExports[] = []
  for (let index = 0; index < innerFunctions.length; index++) {
    try {
      const functions = innerFunctions[index]!()
      for (let at = 0; at < functions.length; at++)
        push(shared, { name: "a module's function", exports: functions[at] })
    } catch {
      // Its module has failed, so that the function is not there.
    }
  }
  return shared
}

function readGlobalName(name: string): string | undefined {
  return sliceText(name, 0, globalPrefix.length) === globalPrefix ? sliceText(name, globalPrefix.length) : undefined
}

function loadModule(
  name: string,
  thunk: () => unknown,
  { reasons }: ModuleOptions,
  isSingleUse: boolean,
): LoadedModule {
  try {
    return { exports: thunk() }
  } catch (error) {
    const { message = error, code } = (error ?? {}) as { readonly message?: unknown; readonly code?: unknown }
    const reason = readOwnText(reasons, name)
    const hint = !isSingleUse && isFrozenError(error) ? "; a module that changes builtins needs realm: 'fresh'" : ''
    const text = `Module '${formatModuleName(name)}' cannot run here: ${reason ?? `${toText(message)}${hint}`}`
    const isMissing = reason === undefined && code === 'MODULE_NOT_FOUND'
    return { createError: () => createCodedError(text, isMissing ? code : 'MODULE_REFUSED') }
  }
}

/** Formats a module's name as the rule writes it. */
function formatModuleName(name: string): string {
  return readGlobalName(name) ?? name
}

function createModuleError(name: unknown, { failures, reasons }: ModuleOptions): Error {
  const text = typeof name === 'string' ? name : typeof name
  const failureCode = readOwnText(failures, text)
  const isPath = /^(\.{0,2}\/|[a-z]:\\)/i.test(text)
  if (failureCode === 'MODULE_REFUSED' || isPath) {
    const cure = isPath ? pathCure : 'use fetch, or a package that needs no files'
    const why = readOwnText(reasons, text) ?? `it leads out of the sandbox; ${cure}`
    return createCodedError(`Module '${formatModuleName(text)}' may not be used by rules: ${why}`, 'MODULE_REFUSED')
  }
  const why =
    failureCode === undefined
      ? 'a rule must require it by a literal name'
      : 'install it beside the rules, or in the folder that modulesFolder (--modules) names'
  return createCodedError(`Cannot find module '${formatModuleName(text)}': ${why}`, 'MODULE_NOT_FOUND')
}

function readOwnText(table: Readonly<Record<string, string>>, name: string): string | undefined {
  return hasOwn(table, name) ? table[name] : undefined
}

function createCodedError(message: string, code: string): Error {
  const error = new NativeError(message)
  defineProperty(error, 'code', { value: code, writable: true, enumerable: true, configurable: true })
  return error
}
