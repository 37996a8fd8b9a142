import { type HookVendor, hookVendors } from '../../http/hooks/hook-vendors.ts'
import { assertPath } from './assert-path.ts'
import { parseAllowedAddresses } from './parse-allowed-addresses.ts'
import { demoRules } from '../demo/demo.ts'
import { resolveModulesFolder } from './resolve-modules-folder.ts'
import { UsageError } from '../usage-error.ts'

export interface ServeFlags {
  readonly rules?: string
  readonly modules?: string
  readonly store: string
  readonly port: number
  readonly host: string
  readonly https?: boolean
  readonly allowNetwork?: readonly string[]
  readonly hooks?: boolean
  readonly record?: string
  readonly playground?: boolean
  readonly demo?: boolean
}

/** What the flags of `claimsmith serve` stand for. */
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

/** Reads what the flags name. @throws {UsageError} if something is wrong; it says what would be right */
export function readServeSettings(flags: ServeFlags, environment: NodeJS.ProcessEnv): ServeSettings {
  const { rules, host, port, store, record, demo = false, https = false, hooks = false, playground = false } = flags
  if (rules !== undefined) assertPath('file or folder', rules, '--rules')
  return {
    rules: rules ?? (demo ? demoRules : []),
    modulesFolder: resolveModulesFolder(flags.modules).modulesFolder,
    store,
    record,
    isDemo: demo,
    isHttps: https,
    host,
    port,
    publicHost: toPublicHost(host),
    allow: parseAllowedAddresses(flags.allowNetwork),
    hooks: hooks ? readHookSecrets(environment) : undefined,
    playground: demo ? 'open' : playground ? 'token' : undefined,
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
