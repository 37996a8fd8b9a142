/** The shortest secret with hosts: a shorter one would be found by chance in the answers of services. */
const minSecretLength = 6

/** A value of `configuration` or of `secrets`. */
export const configuredValueSchema = {
  anyOf: [
    { type: 'string' },
    {
      type: 'object',
      properties: {
        value: { type: 'string', minLength: minSecretLength },
        hosts: { type: 'array', items: { type: 'string' }, minItems: 1 },
      },
      required: ['value', 'hosts'],
      additionalProperties: false,
    },
  ],
} as const

/**
 * A value of `configuration` or of `secrets`: a text that rules read, or a secret that they use and never have.
 *
 * @example
 * const key: ConfiguredValue = { value: process.env.CRM_KEY ?? '', hosts: ['crm.example'] }
 */
export type ConfiguredValue = string | SecretForHosts

/**
 * A secret for some hosts. Rules find a placeholder in its place. The value is put in where a request to one of the hosts
 * leaves, and never enters the sandbox.
 *
 * @example
 * createEngine({ rules, secrets: { CRM_KEY: { value: 's3cret', hosts: ['crm.example'] } } })
 */
export interface SecretForHosts {
  /** At least six characters. */
  value: string
  /** The hosts that may get it, in the forms of `network.hosts`. */
  hosts: string[]
}
