import type { ModuleOptions } from './host.ts'
import {
  NativeError,
  NativeMap,
  defineProperty,
  freeze,
  getOwnPropertyDescriptor,
  getPrototypeOf,
  keys,
  mapGet,
  mapSet,
  objectPrototype,
  ownKeys,
} from './primordials.ts'

/** What the bundle of a ruleset's modules offers: what was required, or `global NAME`, and how to start it. */
export type ModuleTable = Readonly<Record<string, () => unknown>>

/** A module that was started when its realm was made, and what came of it. */
interface Started {
  readonly exports?: unknown
  readonly failure?: string
}

export interface Modules {
  /** What rules find without requiring it. */
  readonly globals: Readonly<Record<string, unknown>>
  /** Names that would be among them, had their module started; each with what reading it is to throw. */
  readonly broken: Readonly<Record<string, () => never>>
  /** Throws MODULE_NOT_FOUND or MODULE_REFUSED for what is not there. */
  readonly require: (name: unknown) => unknown
}

const globalPrefix = 'global '

/**
 * Starts the modules, once for the life of the realm. What rules could write to on their exports is frozen, so that no
 * login finds there what another has left; `thawed` leaves it open, where a realm serves one login only.
 */
export function startModules(table: ModuleTable, options: ModuleOptions, thawed: boolean): Modules {
  const started = new NativeMap<string, Started>()
  const globals: Record<string, unknown> = {}
  const broken: Record<string, () => never> = {}
  const names = keys(table)
  for (let index = 0; index < names.length; index++) {
    const name = names[index]!
    mapSet(started, name, start(table[name]!))
  }
  for (let index = 0; index < names.length; index++) {
    const name = names[index]!
    const { exports, failure } = mapGet(started, name)!
    if (!thawed) freezeExports(exports, 3)
    if (!name.startsWith(globalPrefix)) continue
    const global = name.slice(globalPrefix.length)
    if (failure === undefined) globals[global] = exports
    else broken[global] = () => cannotRun(global, failure)
  }

  return {
    globals,
    broken,
    require(name) {
      const found = typeof name === 'string' ? mapGet(started, name) : undefined
      if (found === undefined) throw refusal(name, options)
      if (found.failure === undefined) return found.exports
      return cannotRun(String(name), found.failure)
    },
  }
}

function start(thunk: () => unknown): Started {
  try {
    return { exports: thunk() }
  } catch (error) {
    return { failure: String((error as { readonly message?: unknown } | undefined)?.message ?? error) }
  }
}

function cannotRun(name: string, failure: string): never {
  throw coded(`Module '${name}' cannot run here: ${failure}`, 'MODULE_REFUSED')
}

function refusal(name: unknown, { failures }: ModuleOptions): Error {
  const text = typeof name === 'string' ? name : typeof name
  const isPath = /^(\.{0,2}\/|[a-z]:\\)/i.test(text)
  const known = getOwnPropertyDescriptor(failures, text)?.value as string | undefined
  if (isPath || known === 'MODULE_REFUSED') return coded(`Module '${text}' may not be used by rules`, 'MODULE_REFUSED')
  const why = known === undefined ? 'its name must stand in the rule as a text' : 'install it beside the rules'
  return coded(`Cannot find module '${text}': ${why}`, 'MODULE_NOT_FOUND')
}

function coded(message: string, code: string): Error {
  const error = new NativeError(message)
  defineProperty(error, 'code', { value: code, writable: true, enumerable: true, configurable: true })
  return error
}

/** The exports themselves, and the plain objects they hold, such as `axios.defaults`; classes and instances are left alone. */
function freezeExports(value: unknown, depth: number): void {
  const isFunction = typeof value === 'function'
  if (depth === 0 || (!isFunction && !isPlain(value))) return
  freeze(value)
  const names = ownKeys(value)
  for (let index = 0; index < names.length; index++) {
    const inner: unknown = getOwnPropertyDescriptor(value, names[index]!)?.value
    if (isPlain(inner)) freezeExports(inner, depth - 1)
  }
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  const prototype = getPrototypeOf(value)
  return prototype === objectPrototype || prototype === null
}
