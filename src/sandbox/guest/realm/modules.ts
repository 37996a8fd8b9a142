import type { ModuleOptions } from '../../wire/guest-contract.ts'
import { createExportWatch } from './export-watch.ts'
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
  stringOf,
} from '../../wire/primordials.ts'

/** What the bundle of a ruleset's modules offers: what was required, or `global NAME`, and how to start it. */
export type ModuleTable = Readonly<Record<string, () => unknown>>

/** A module that was started when its realm was made, and what came of it. */
interface Started {
  readonly exports?: unknown
  /** Made anew each time: an error that two logins got could carry something between them. */
  readonly failure?: () => Error
}

export interface Modules {
  /** What rules find without requiring it. */
  readonly globals: Readonly<Record<string, unknown>>
  /** Names that would be among them, had their module started; each with what reading it is to throw. */
  readonly broken: Readonly<Record<string, () => never>>
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
export function startModules(table: ModuleTable, options: ModuleOptions, once: boolean): Modules {
  const started = new NativeMap<string, Started>()
  const globals: Record<string, unknown> = {}
  const broken: Record<string, () => never> = {}
  const watch = createExportWatch()
  const names = keys(table)
  for (let index = 0; index < names.length; index++) {
    const name = names[index]!
    mapSet(started, name, start(name, table[name]!, options, once))
  }
  for (let index = 0; index < names.length; index++) {
    const name = names[index]!
    const { exports, failure } = mapGet(started, name)!
    if (!once) watch.add(exports)
    if (!name.startsWith(globalPrefix)) continue
    const global = name.slice(globalPrefix.length)
    if (failure === undefined) globals[global] = exports
    else {
      broken[global] = () => {
        throw failure()
      }
    }
  }
  const absent = keys(options.failures)
  for (let index = 0; index < absent.length; index++) {
    const name = absent[index]!
    if (name.slice(0, globalPrefix.length) !== globalPrefix) continue
    broken[name.slice(globalPrefix.length)] = () => {
      throw refusal(name, options)
    }
  }

  return {
    globals,
    broken,
    require(name) {
      const found = typeof name === 'string' ? mapGet(started, name) : undefined
      if (found === undefined) throw refusal(name, options)
      if (found.failure === undefined) return found.exports
      throw found.failure()
    },
    restore: watch.restore,
  }
}

function start(name: string, thunk: () => unknown, { reasons }: ModuleOptions, once: boolean): Started {
  try {
    return { exports: thunk() }
  } catch (error) {
    const { message = error, code } = (error ?? {}) as { readonly message?: unknown; readonly code?: unknown }
    const reason = textOf(reasons, name)
    const cure = !once && isAboutFrozen(error) ? "; a module that changes builtins needs realm: 'fresh'" : ''
    const text = `Module '${shown(name)}' cannot run here: ${reason ?? `${stringOf(message)}${cure}`}`
    const isMissing = reason === undefined && code === 'MODULE_NOT_FOUND'
    return { failure: () => coded(text, isMissing ? code : 'MODULE_REFUSED') }
  }
}

/** How V8 words that something cannot be changed. */
const frozenWords = ['object is not extensible', 'read only property', 'Cannot redefine', 'Cannot delete property']

function isAboutFrozen(error: unknown): boolean {
  if (!(error instanceof NativeTypeError)) return false
  const message = stringOf(error.message)
  for (let index = 0; index < frozenWords.length; index++)
    if (indexOfText(message, frozenWords[index]!) >= 0) return true
  return false
}

/** A module's name as the rule has it. */
function shown(name: string): string {
  return name.slice(0, globalPrefix.length) === globalPrefix ? name.slice(globalPrefix.length) : name
}

function refusal(name: unknown, { failures, reasons }: ModuleOptions): Error {
  const text = typeof name === 'string' ? name : typeof name
  const known = textOf(failures, text)
  if (known === 'MODULE_REFUSED' || /^(\.{0,2}\/|[a-z]:\\)/i.test(text)) {
    const why = textOf(reasons, text) ?? 'it leads out of the sandbox; use fetch, or a package that needs no files'
    return coded(`Module '${shown(text)}' may not be used by rules: ${why}`, 'MODULE_REFUSED')
  }
  const why =
    known === undefined
      ? 'its name must stand in the rule as a text'
      : 'install it beside the rules, or in the folder that modulesFolder (--modules) names'
  return coded(`Cannot find module '${shown(text)}': ${why}`, 'MODULE_NOT_FOUND')
}

function textOf(table: Readonly<Record<string, string>>, name: string): string | undefined {
  return hasOwn(table, name) ? table[name] : undefined
}

function coded(message: string, code: string): Error {
  const error = new NativeError(message)
  defineProperty(error, 'code', { value: code, writable: true, enumerable: true, configurable: true })
  return error
}
