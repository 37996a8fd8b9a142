import { type HookVendor, hookVendors } from '../../http/hooks/hooks.ts'
import { UsageError } from '../print/usage.ts'

const variableOf = (vendor: HookVendor): string => `CLAIMSMITH_${vendor.toUpperCase()}_SECRET`

/** The secrets of the auth servers that may call, from the environment: on a command line others could read them. */
export function hookSecrets(environment: NodeJS.ProcessEnv): Partial<Record<HookVendor, string>> {
  const given = hookVendors.flatMap((vendor) => {
    const secret = environment[variableOf(vendor)]
    return secret === undefined || secret === '' ? [] : [[vendor, secret] as const]
  })
  if (given.length > 0) return Object.fromEntries(given)
  throw new UsageError(`--hooks needs the secret of an auth server in ${hookVendors.map(variableOf).join(', ')}`)
}
