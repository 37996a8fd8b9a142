import { assertKnownNames } from '../errors/known-names.ts'
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
  if (given.network !== undefined) assertKnownNames(given.network, 'network', Object.keys(network))
}
