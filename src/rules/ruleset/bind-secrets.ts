import { createHmac, randomBytes } from 'node:crypto'
import type { ConfiguredValue } from '../../profile/rule/configured-value.ts'

/** A secret for some hosts, and what rules find in the place of its value. */
export interface BoundSecret {
  /** Where rules find it: `configuration.CRM_KEY` or `secrets.CRM_KEY`. */
  readonly name: string
  readonly placeholder: string
  readonly value: string
  readonly hosts: readonly string[]
}

export interface BoundValues {
  /** With a placeholder for each secret. */
  readonly values: Readonly<Record<string, string>>
  readonly boundSecrets: readonly BoundSecret[]
}

/** Replaces the secrets for hosts among configured values by placeholders. `kind` begins their names. */
export function bindSecrets(
  configured: Readonly<Record<string, ConfiguredValue>>,
  kind: 'configuration' | 'secrets',
): BoundValues {
  const boundSecrets: BoundSecret[] = []
  const entries = Object.entries(configured).map(([key, configuredValue]) => {
    if (typeof configuredValue === 'string') return [key, configuredValue] as const
    const { value, hosts } = configuredValue
    const name = `${kind}.${key}`
    const placeholder = createPlaceholder(name, value, hosts)
    boundSecrets.push({ name, placeholder, value, hosts: [...hosts] })
    return [key, placeholder] as const
  })
  return { values: Object.fromEntries(entries), boundSecrets }
}

const placeholderKey = randomBytes(32)
const digestLength = 40

/**
 * Creates the placeholder of a secret. It is the same for equal secrets of this process, so that equal rulesets share what is
 * cached for them. Nobody outside the process can compute it. Letters and digits alone survive every encoding.
 */
function createPlaceholder(name: string, value: string, hosts: readonly string[]): string {
  const content = JSON.stringify([name, value, hosts])
  const digest = createHmac('sha256', placeholderKey).update(content).digest('hex')
  return `CLAIMSMITHSECRET${digest.slice(0, digestLength)}`
}
