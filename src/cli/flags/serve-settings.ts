import { parseArgs } from 'node:util'
import { type HookVendor, hookVendors } from '../../http/hooks/hooks.ts'
import { parseAllowedAddresses } from './parse-allowed-addresses.ts'
import { demoRules } from '../demo/demo.ts'
import { resolveModulesFolder } from './resolve-modules-folder.ts'
import { parsePort } from './parse-port.ts'
import { UsageError } from '../print/usage.ts'

/** The checked flags of `claimsmith serve`. */
export interface ServeSettings {
  readonly rules: string | readonly never[]
  readonly modulesFolder: string | undefined
  readonly store: string
  /** Folder into which logins are recorded. */
  readonly record: string | undefined
  readonly isDemo: boolean
  readonly isHttps: boolean
  readonly host: string
  readonly port: number
  /** The host as clients write it. */
  readonly publicHost: string
  readonly allow: readonly string[]
  /** Undefined without `--hooks`. */
  readonly hooks: Partial<Record<HookVendor, string>> | undefined
  /** Who may use the playground; undefined without one. */
  readonly playground: 'open' | 'token' | undefined
}

/** Reads the arguments and the environment. @throws {UsageError} if one is wrong; it says what would be right */
export function parseServeSettings(args: string[], environment: NodeJS.ProcessEnv): ServeSettings {
  const { values } = parseArgs({
    args,
    options: {
      rules: { type: 'string' },
      modules: { type: 'string' },
      store: { type: 'string' },
      port: { type: 'string' },
      host: { type: 'string', default: '127.0.0.1' },
      https: { type: 'boolean', default: false },
      'allow-network': { type: 'string', multiple: true },
      record: { type: 'string' },
      hooks: { type: 'boolean', default: false },
      playground: { type: 'boolean', default: false },
      demo: { type: 'boolean', default: false },
    },
  })
  const { demo, host, https, store } = values
  if (demo && store !== undefined) throw new UsageError('--demo keeps its data in memory; leave --store out')
  return {
    rules: values.rules ?? (demo ? demoRules : []),
    modulesFolder: resolveModulesFolder(values.modules).modulesFolder,
    store: store ?? 'memory:',
    record: values.record,
    isDemo: demo,
    isHttps: https,
    host,
    port: parsePort(values.port, environment['PORT']),
    publicHost: toPublicHost(host),
    allow: parseAllowedAddresses(values['allow-network']),
    hooks: values.hooks ? readHookSecrets(environment) : undefined,
    playground: demo ? 'open' : values.playground ? 'token' : undefined,
  }
}

/** `0.0.0.0` and `::` mean every address of this machine, and are none that clients can call. */
function toPublicHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}

const getVariableName = (vendor: HookVendor): string => `CLAIMSMITH_${vendor.toUpperCase()}_SECRET`

/** Reads the secrets of the auth servers from the environment: other users of the machine can read a command line. */
function readHookSecrets(environment: NodeJS.ProcessEnv): Partial<Record<HookVendor, string>> {
  const secrets = hookVendors.flatMap((vendor) => {
    const secret = environment[getVariableName(vendor)]
    return secret === undefined || secret === '' ? [] : [[vendor, secret] as const]
  })
  if (secrets.length > 0) return Object.fromEntries(secrets)
  throw new UsageError(`--hooks needs the secret of an auth server in ${hookVendors.map(getVariableName).join(', ')}`)
}
