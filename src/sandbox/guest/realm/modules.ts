import type { ModuleOptions } from '../../wire/guest-contract.ts'
import { pathCure } from '../../wire/path-cure.ts'
import { createExportTracker } from './export-tracker.ts'
import {
  NativeError,
  NativeMap,
  NativeTypeError,
  defineProperty,
  hasOwn,
  indexOfText,
  keys,
  mapGet,
  mapSet,
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
  /** Globals whose module failed to load; each throws why. */
  readonly brokenGlobals: Readonly<Record<string, () => never>>
  /** Throws MODULE_NOT_FOUND or MODULE_REFUSED if there is no such module. */
  readonly require: (name: unknown) => unknown
  /** Restores the exports as they were when their modules were loaded. */
  restore(): void
}

const globalPrefix = 'global '

/**
 * Loads the modules, once per realm. Their exports are restored between logins, so that no login finds what another one
 * left. If `isSingleUse`, the realm serves one login only, and the exports are not tracked.
 */
export function startModules(table: ModuleTable, options: ModuleOptions, isSingleUse: boolean): Modules {
  const loadedModules = new NativeMap<string, LoadedModule>()
  const globals: Record<string, unknown> = {}
  const brokenGlobals: Record<string, () => never> = {}
  const tracker = createExportTracker()
  const names = keys(table)
  for (let index = 0; index < names.length; index++) {
    const name = names[index]!
    mapSet(loadedModules, name, loadModule(name, table[name]!, options, isSingleUse))
  }
  for (let index = 0; index < names.length; index++) {
    const name = names[index]!
    const { exports, createError } = mapGet(loadedModules, name)!
    if (!isSingleUse) tracker.add(exports)
    if (!name.startsWith(globalPrefix)) continue
    const global = name.slice(globalPrefix.length)
    if (createError === undefined) globals[global] = exports
    else {
      brokenGlobals[global] = () => {
        throw createError()
      }
    }
  }
  const missingNames = keys(options.failures)
  for (let index = 0; index < missingNames.length; index++) {
    const name = missingNames[index]!
    if (name.slice(0, globalPrefix.length) !== globalPrefix) continue
    brokenGlobals[name.slice(globalPrefix.length)] = () => {
      throw createModuleError(name, options)
    }
  }

  return {
    globals,
    brokenGlobals,
    require(name) {
      const loaded = typeof name === 'string' ? mapGet(loadedModules, name) : undefined
      if (loaded === undefined) throw createModuleError(name, options)
      if (loaded.createError === undefined) return loaded.exports
      throw loaded.createError()
    },
    restore: tracker.restore,
  }
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

/** Parts of V8's messages about frozen objects. */
const frozenMessages = ['object is not extensible', 'read only property', 'Cannot redefine', 'Cannot delete property']

function isFrozenError(error: unknown): boolean {
  if (!(error instanceof NativeTypeError)) return false
  const message = toText(error.message)
  for (let index = 0; index < frozenMessages.length; index++)
    if (indexOfText(message, frozenMessages[index]!) >= 0) return true
  return false
}

/** Formats a module's name as the rule writes it. */
function formatModuleName(name: string): string {
  return name.slice(0, globalPrefix.length) === globalPrefix ? name.slice(globalPrefix.length) : name
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
