import type { FromSchema } from 'json-schema-to-ts'
import type { ConfiguredValue } from '../../profile/rule/configured-value.ts'
import { ruleSchema } from '../../profile/rule/rule.ts'
import { createValidator } from '../../profile/schema/create-validator.ts'
import { createJsonFileReader } from './create-json-file-reader.ts'

const { name, script, order, enabled, onError, hosts: hostsSchema } = ruleSchema.properties

export const secretsSchema = {
  type: 'array',
  items: {
    type: 'object',
    properties: {
      name: { type: 'string', minLength: 1 },
      value: { type: 'string' },
      hosts: hostsSchema,
    },
    required: ['name'],
  },
} as const

/** A secret as auth0-deploy-cli writes it, perhaps with hosts. Auth0 may have withheld its value. */
type NamedSecret = FromSchema<typeof secretsSchema>[number]

/** Metadata of auth0-deploy-cli has further members, so unknown names are accepted. */
const metadataSchema = {
  type: 'object',
  properties: {
    name,
    script,
    order,
    enabled,
    stage: { type: 'string' },
    onError,
    hosts: hostsSchema,
    secrets: secretsSchema,
  },
} as const

/**
 * The JSON file beside a rule: our own form, or one of auth0-deploy-cli's two. In theirs, `script` is the rule's file,
 * relative to the folder.
 */
export type RuleMetadata = FromSchema<typeof metadataSchema>

export const readMetadata = createJsonFileReader(
  createValidator<RuleMetadata>(metadataSchema, 'The file', 'INVALID_RULESET'),
)

/** Auth0 defined other stages, but never ran a rule in them. A rule of another stage is disabled. */
export function isLoginStage({ stage = 'login_success' }: RuleMetadata): boolean {
  return stage === 'login_success'
}

/** auth0-deploy-cli writes this instead of a secret's value. */
const hiddenValue = '_VALUE_NOT_SHOWN_'

export function toSecretMap(list: readonly NamedSecret[] = []): Readonly<Record<string, ConfiguredValue>> {
  const entries = list.flatMap(({ name: key, value, hosts }) =>
    value === undefined || value === hiddenValue
      ? []
      : [[key, hosts === undefined ? value : { value, hosts }] as const],
  )
  return Object.fromEntries(entries)
}
