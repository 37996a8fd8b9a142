import { readFileSync } from 'node:fs'
import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import { validator } from '../../profile/schema/validate.ts'
import { jsonFileReader } from '../../rules/folder/json-file.ts'
import type { Conditions, LoginClock } from '../../sandbox/wire/conditions.ts'
import type { Network } from './network.ts'

export type Instant = number | string | Date

/** What surrounds rules while they are tested. Everything is one rule's, and one test's, own. */
export interface RuleOptions {
  /** What rules find in `configuration`: an object, or the path of a JSON file that holds one. */
  readonly configuration?: Readonly<Record<string, unknown>> | string
  /** What rules find in `auth0`, in the place of one that saves nothing and tells what was to be saved. */
  readonly auth0?: object
  /** Values of the test's that rules find under these names: data, functions, classes, objects with methods. */
  readonly globals?: Readonly<Record<string, unknown>>
  /** The same, by `require(name)`; with or without a version. Other modules are real, in the sandbox. */
  readonly modules?: Readonly<Record<string, unknown>>
  /** Who answers requests. Without it they are refused. */
  readonly fetch?: Network
  /**
   * The time that rules see, which stands still: milliseconds since 1970, a date, a text that `Date` reads, or a function.
   * Or a recording's clock, which shows what it showed.
   */
  readonly clock?: Instant | (() => Instant) | LoginClock
  /** Makes what rules draw at random follow from this text. */
  readonly seed?: string
  /** What actions find in `event.secrets`. */
  readonly secrets?: Readonly<Record<string, string>>
  /** Where packages are looked for after the rule's own folder; default the current folder. */
  readonly modulesFolder?: string
}

const kinds: Readonly<Record<keyof RuleOptions, readonly string[]>> = {
  configuration: ['object', 'string'],
  auth0: ['object'],
  globals: ['object'],
  modules: ['object'],
  fetch: ['function', 'string'],
  clock: ['number', 'string', 'object', 'function'],
  seed: ['string'],
  secrets: ['object'],
  modulesFolder: ['string'],
}

const namePattern = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u

/** @throws {ClaimsmithError} INVALID_ARGUMENT with the option that is wrong, and what would be right */
export function checkedOptions(options: RuleOptions, caller: string): RuleOptions {
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(kinds, name)) {
      throw invalid(`${caller}: there is no option ${name}; there are ${Object.keys(kinds).join(', ')}`)
    }
    const right = kinds[name as keyof RuleOptions]
    if (value !== undefined && (value === null || !right.includes(typeof value))) {
      throw invalid(
        `${caller}: ${name} is ${value === null ? 'null' : `a ${typeof value}`}; ${right.join(' or ')} belongs there`,
      )
    }
  }
  const { fetch, globals = {} } = options
  if (typeof fetch === 'string' && fetch !== 'node:http' && fetch !== 'fetch') {
    throw invalid(`${caller}: fetch is '${String(fetch)}'; a function, 'node:http' or 'fetch' belongs there`)
  }
  const wrong = Object.keys(globals).find((name) => !namePattern.test(name))
  if (wrong !== undefined) throw invalid(`${caller}: globals.${wrong} is no name that a rule could use`)
  return options
}

const readConfiguration = jsonFileReader(
  validator<Record<string, unknown>>({ type: 'object' } as const, 'The file', 'INVALID_ARGUMENT'),
)

/** @throws {ClaimsmithError} INVALID_ARGUMENT where the file is not there or holds no object */
export function configurationOf(
  given: RuleOptions['configuration'],
  caller: string,
): Readonly<Record<string, unknown>> {
  if (typeof given !== 'string') return given ?? {}
  try {
    readFileSync(given)
  } catch {
    throw invalid(`${caller}: configuration is ${given}, and there is no such file`)
  }
  return readConfiguration(given)
}

/** @throws {ClaimsmithError} INVALID_ARGUMENT on a clock that shows no time */
export function conditionsOf({ clock, seed }: RuleOptions): Conditions {
  return { ...(clock === undefined ? {} : { clock: clockOf(clock) }), ...(seed === undefined ? {} : { seed }) }
}

function clockOf(clock: NonNullable<RuleOptions['clock']>): LoginClock {
  const instant = typeof clock === 'function' ? clock() : clock
  if (typeof instant === 'object' && 'startMs' in instant) return instant
  const startMs = typeof instant === 'number' ? instant : new Date(instant).getTime()
  if (Number.isNaN(startMs)) throw invalid(`clock is ${String(instant)}, which is no time; try '2026-01-31T09:00:00Z'`)
  return { startMs, moves: false }
}

function invalid(message: string): ClaimsmithError {
  return new ClaimsmithError('INVALID_ARGUMENT', message)
}
