import { readFileSync } from 'node:fs'
import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import { createValidator } from '../../profile/schema/create-validator.ts'
import { createJsonFileReader } from '../../rules/folder/create-json-file-reader.ts'
import type { RunOptions as EngineRunOptions } from '../../engine/options/run-options.ts'
import type { LoginClock } from '../../sandbox/wire/run-overrides.ts'
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

const optionTypes: Readonly<Record<keyof RuleOptions, readonly string[]>> = {
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
export function assertTestOptions(options: RuleOptions, caller: string): RuleOptions {
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(optionTypes, name)) {
      throw createArgumentError(
        `${caller}: there is no option ${name}; there are ${Object.keys(optionTypes).join(', ')}`,
      )
    }
    const expectedTypes = optionTypes[name as keyof RuleOptions]
    if (value !== undefined && (value === null || !expectedTypes.includes(typeof value))) {
      throw createArgumentError(
        `${caller}: ${name} is ${value === null ? 'null' : `a ${typeof value}`}; ${expectedTypes.join(' or ')} belongs there`,
      )
    }
  }
  const { fetch, globals = {} } = options
  if (typeof fetch === 'string' && fetch !== 'node:http' && fetch !== 'fetch') {
    throw createArgumentError(
      `${caller}: fetch is '${String(fetch)}'; a function, 'node:http' or 'fetch' belongs there`,
    )
  }
  const invalidName = Object.keys(globals).find((name) => !namePattern.test(name))
  if (invalidName !== undefined)
    throw createArgumentError(`${caller}: globals.${invalidName} is no name that a rule could use`)
  return options
}

const readConfiguration = createJsonFileReader(
  createValidator<Record<string, unknown>>({ type: 'object' } as const, 'The file', 'INVALID_ARGUMENT'),
)

/** @throws {ClaimsmithError} INVALID_ARGUMENT where the file is not there or holds no object */
export function resolveConfiguration(
  configuration: RuleOptions['configuration'],
  caller: string,
): Readonly<Record<string, unknown>> {
  if (typeof configuration !== 'string') return configuration ?? {}
  try {
    readFileSync(configuration)
  } catch {
    throw createArgumentError(`${caller}: configuration is ${configuration}, and there is no such file`)
  }
  return readConfiguration(configuration)
}

/** @throws {ClaimsmithError} INVALID_ARGUMENT on a clock that shows no time */
export function buildTestRunOptions({ clock, seed }: RuleOptions): Pick<EngineRunOptions, 'time' | 'seed'> {
  return { ...(clock === undefined ? {} : { time: toLoginClock(clock) }), ...(seed === undefined ? {} : { seed }) }
}

function toLoginClock(clock: NonNullable<RuleOptions['clock']>): LoginClock {
  const instant = typeof clock === 'function' ? clock() : clock
  if (typeof instant === 'object' && 'startMs' in instant) return instant
  const startMs = typeof instant === 'number' ? instant : new Date(instant).getTime()
  if (Number.isNaN(startMs))
    throw createArgumentError(`clock is ${String(instant)}, which is no time; try '2026-01-31T09:00:00Z'`)
  return { startMs, moves: false }
}

function createArgumentError(message: string): ClaimsmithError {
  return new ClaimsmithError('INVALID_ARGUMENT', message)
}
