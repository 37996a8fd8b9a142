import { inspect } from 'node:util'
import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import { assertKnownNames, describeType } from '../../errors/known-names.ts'
import { allowedAddressFormat, parseAllowedAddress } from '../../sandbox/net/allowed-address.ts'
import { assertHosts } from './host-lists.ts'
import { assertLaunchOptions } from './launch-options.ts'
import type { EngineNetwork, EngineOptions } from './engine-options.ts'

const knownOptions: Readonly<Record<keyof EngineOptions, true>> = {
  rules: true,
  configuration: true,
  ruleSource: true,
  modules: true,
  modulesFolder: true,
  secrets: true,
  users: true,
  suspendedLogins: true,
  limits: true,
  network: true,
  worker: true,
  realm: true,
  moduleState: true,
  snapshots: true,
  onError: true,
  inspector: true,
  record: true,
  clock: true,
}

const knownNetworkOptions: Readonly<Record<keyof EngineNetwork, true>> = {
  allow: true,
  hosts: true,
  proxy: true,
  fetch: true,
}

export const engineOptionNames: readonly string[] = Object.keys(knownOptions)

/** @throws {ClaimsmithError} INVALID_ARGUMENT if an option is unknown, or there are no options */
export function assertEngineOptions(options: EngineOptions): void {
  assertKnownNames(options, 'createEngine', engineOptionNames)
  assertModuleState(options.moduleState)
  if (options.worker !== undefined) assertLaunchOptions(options.worker)
  const { snapshots = true } = options
  if (typeof snapshots !== 'boolean')
    throw createArgumentError(`snapshots is ${inspect(snapshots)}; give true or false`)
  if (options.network === undefined) return
  assertKnownNames(options.network, 'network', Object.keys(knownNetworkOptions))
  assertAllowed(options.network.allow ?? [])
  if (options.network.hosts !== undefined) assertHosts('network.hosts', options.network.hosts)
  assertProxy(options.network)
}

function assertModuleState(moduleState: unknown): void {
  if (moduleState === undefined || moduleState === 'isolated' || moduleState === 'shared') return
  throw createArgumentError(`moduleState is ${inspect(moduleState)}; give 'isolated' or 'shared'`)
}

/** An invalid entry would never match, and the rules' requests would be refused. */
function assertAllowed(allow: unknown): void {
  if (!Array.isArray(allow)) {
    throw createArgumentError(`network.allow is ${describeType(allow)}; a list belongs there, such as ['10.0.0.0/8']`)
  }
  const invalidIndex = (allow as readonly unknown[]).findIndex((entry) => parseAllowedAddress(entry) === undefined)
  if (invalidIndex >= 0)
    throw createArgumentError(
      `network.allow[${invalidIndex}] is ${inspect(allow[invalidIndex])}; give ${allowedAddressFormat}`,
    )
}

/** A proxy's URL may hold a password, so no message repeats it. */
function assertProxy({ proxy, fetch }: EngineNetwork): void {
  if (proxy === undefined) return
  const url: unknown = proxy
  if (typeof url !== 'string' || !URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw createArgumentError('network.proxy is not the URL of a proxy; give one such as http://proxy.example:3128')
  if (fetch !== undefined)
    throw createArgumentError(
      'network.proxy has no effect beside network.fetch, which answers every request; give one of them',
    )
}

function createArgumentError(message: string): ClaimsmithError {
  return new ClaimsmithError('INVALID_ARGUMENT', message)
}
