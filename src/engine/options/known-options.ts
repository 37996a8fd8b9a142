import { inspect } from 'node:util'
import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import { assertKnownNames, described } from '../../errors/known-names.ts'
import { allowedForm, readAllowed } from '../../sandbox/net/allowed-address.ts'
import type { EngineNetwork, EngineOptions } from './engine-options.ts'

const options: Readonly<Record<keyof EngineOptions, true>> = {
  rules: true,
  configuration: true,
  stored: true,
  modules: true,
  modulesFolder: true,
  secrets: true,
  users: true,
  states: true,
  limits: true,
  network: true,
  realm: true,
  onError: true,
  inspector: true,
  record: true,
  clock: true,
}

const network: Readonly<Record<keyof EngineNetwork, true>> = { allow: true, fetch: true }

export const engineOptionNames: readonly string[] = Object.keys(options)

/** @throws {ClaimsmithError} INVALID_ARGUMENT on an option that there is none of, and where there are no options */
export function assertEngineOptions(given: EngineOptions): void {
  assertKnownNames(given, 'createEngine', engineOptionNames)
  if (given.network === undefined) return
  assertKnownNames(given.network, 'network', Object.keys(network))
  assertAllowed(given.network.allow ?? [])
}

/** An entry that is none would never match, and the rules' requests be refused. */
function assertAllowed(allow: unknown): void {
  if (!Array.isArray(allow)) {
    throw invalid(`network.allow is ${described(allow)}; a list belongs there, such as ['10.0.0.0/8']`)
  }
  const wrong = (allow as readonly unknown[]).findIndex((entry) => readAllowed(entry) === undefined)
  if (wrong >= 0) throw invalid(`network.allow[${wrong}] is ${inspect(allow[wrong])}; give ${allowedForm}`)
}

function invalid(message: string): ClaimsmithError {
  return new ClaimsmithError('INVALID_ARGUMENT', message)
}
