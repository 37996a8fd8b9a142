import { readFileSync } from 'node:fs'
import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import { createValidator } from '../../profile/schema/create-validator.ts'
import { createJsonFileReader } from '../../rules/folder/create-json-file-reader.ts'
import type { RunOptions as EngineRunOptions } from '../../engine/options/run-options.ts'
import type { LoginClock } from '../../sandbox/wire/run-overrides.ts'
import type { Network } from './network.ts'

export type Instant = number | string | Date

/** Options of `loadRule` and `loadPipeline`. Nothing is shared between loaded rules. */
export interface RuleOptions {
  /** `configuration` of the rules: an object, or the path of a JSON file with one. */
  readonly configuration?: Readonly<Record<string, unknown>> | string
  /** `auth0` of the rules. The default saves nothing. In both cases `outcome.updates` lists what was to be saved. */
  readonly auth0?: object
  /** Values of the test under global names of the rules: data, functions, also async ones, classes, objects with methods. */
  readonly globals?: Readonly<Record<string, unknown>>
  /** The same by `require(name)`, with or without a version. Other modules are real ones in the sandbox. */
  readonly modules?: Readonly<Record<string, unknown>>
  /**
   * Answers the requests of all clients (`fetch`, `request`, axios): a function `(request) => response`; `'node:http'` of the
   * test's process, which nock replaces; or its global `'fetch'`, which msw and undici's MockAgent replace. Without it, requests fail.
   */
  readonly fetch?: Network
  /**
   * The time that rules see. It does not advance. Milliseconds since 1970, a date, a text that `Date` parses, or a function
   * that returns one of them. The clock of a recording repeats its readings.
   */
  readonly clock?: Instant | (() => Instant) | LoginClock
  /** A text from which all random numbers of the rules follow. */
  readonly seed?: string
  /** `event.secrets` of actions. */
  readonly secrets?: Readonly<Record<string, string>>
  /** Folder of packages, after the rule's own folder; default the current folder. */
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

/** @throws {ClaimsmithError} INVALID_ARGUMENT if an option is wrong; the message says what would be right */
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
    throw createArgumentError(`${caller}: globals.${invalidName} is not a name that a rule could use`)
  return options
}

const readConfiguration = createJsonFileReader(
  createValidator<Record<string, unknown>>({ type: 'object' } as const, 'The file', 'INVALID_ARGUMENT'),
)

/** @throws {ClaimsmithError} INVALID_ARGUMENT if the file does not exist or has no object */
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

/** @throws {ClaimsmithError} INVALID_ARGUMENT if the clock is not a valid time */
export function buildTestRunOptions({ clock, seed }: RuleOptions): Pick<EngineRunOptions, 'time' | 'seed'> {
  return { ...(clock === undefined ? {} : { time: toLoginClock(clock) }), ...(seed === undefined ? {} : { seed }) }
}

function toLoginClock(clock: NonNullable<RuleOptions['clock']>): LoginClock {
  const instant = typeof clock === 'function' ? clock() : clock
  if (typeof instant === 'object' && 'startMs' in instant) return instant
  const startMs = typeof instant === 'number' ? instant : new Date(instant).getTime()
  if (Number.isNaN(startMs))
    throw createArgumentError(`clock is ${String(instant)}, which is not a valid time; try '2026-01-31T09:00:00Z'`)
  return { startMs, moves: false }
}

function createArgumentError(message: string): ClaimsmithError {
  return new ClaimsmithError('INVALID_ARGUMENT', message)
}
