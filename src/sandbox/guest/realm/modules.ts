import type { ModuleOptions } from '../../wire/guest-contract.ts'
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

/** What the bundle of a ruleset's modules offers: what was required, or `global NAME`, and how to start it. */
export type ModuleTable = Readonly<Record<string, () => unknown>>

/** A module that was started when its realm was made, and what came of it. */
interface LoadedModule {
  readonly exports?: unknown
  /** Made anew each time: an error that two logins got could carry something between them. */
  readonly createError?: () => Error
}

export interface Modules {
  /** What rules find without requiring it. */
  readonly globals: Readonly<Record<string, unknown>>
  /** Names that would be among them, had their module started; each with what reading it is to throw. */
  readonly brokenGlobals: Readonly<Record<string, () => never>>
  /** Throws MODULE_NOT_FOUND or MODULE_REFUSED for what is not there. */
  readonly require: (name: unknown) => unknown
  /** Puts exports back as they were when their modules had started. */
  restore(): void
}

const globalPrefix = 'global '

/**
 * Starts the modules, once for the life of the realm. Their exports are watched, so that no login finds there what another
 * has left; `once` leaves them alone, where a realm serves one login only.
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

/** How V8 words that something cannot be changed. */
const frozenMessages = ['object is not extensible', 'read only property', 'Cannot redefine', 'Cannot delete property']

function isFrozenError(error: unknown): boolean {
  if (!(error instanceof NativeTypeError)) return false
  const message = toText(error.message)
  for (let index = 0; index < frozenMessages.length; index++)
    if (indexOfText(message, frozenMessages[index]!) >= 0) return true
  return false
}

/** A module's name as the rule has it. */
function formatModuleName(name: string): string {
  return name.slice(0, globalPrefix.length) === globalPrefix ? name.slice(globalPrefix.length) : name
}

function createModuleError(name: unknown, { failures, reasons }: ModuleOptions): Error {
  const text = typeof name === 'string' ? name : typeof name
  const failureCode = readOwnText(failures, text)
  if (failureCode === 'MODULE_REFUSED' || /^(\.{0,2}\/|[a-z]:\\)/i.test(text)) {
    const why = readOwnText(reasons, text) ?? 'it leads out of the sandbox; use fetch, or a package that needs no files'
    return createCodedError(`Module '${formatModuleName(text)}' may not be used by rules: ${why}`, 'MODULE_REFUSED')
  }
  const why =
    failureCode === undefined
      ? 'its name must stand in the rule as a text'
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
