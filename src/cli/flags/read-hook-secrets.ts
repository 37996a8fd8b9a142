import { type HookVendor, hookVendors } from '../../http/hooks/hooks.ts'
import { UsageError } from '../print/usage.ts'

const getVariableName = (vendor: HookVendor): string => `CLAIMSMITH_${vendor.toUpperCase()}_SECRET`

/** The secrets of the auth servers that may call, from the environment: on a command line others could read them. */
export function readHookSecrets(environment: NodeJS.ProcessEnv): Partial<Record<HookVendor, string>> {
  const secrets = hookVendors.flatMap((vendor) => {
    const secret = environment[getVariableName(vendor)]
    return secret === undefined || secret === '' ? [] : [[vendor, secret] as const]
  })
  if (secrets.length > 0) return Object.fromEntries(secrets)
  throw new UsageError(`--hooks needs the secret of an auth server in ${hookVendors.map(getVariableName).join(', ')}`)
}
