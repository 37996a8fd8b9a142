import { ruleSchema } from '../../profile/rule/rule.ts'
import { createValidator } from '../../profile/schema/create-validator.ts'
import { createJsonFileReader } from './create-json-file-reader.ts'

/** What a JSON file beside a rule says of it: our own form, and auth0-deploy-cli's two. */
export interface RuleMetadata {
  readonly name?: string
  /** auth0-deploy-cli: the rule's file, relative to the folder. */
  readonly script?: string
  readonly order?: number
  readonly enabled?: boolean
  readonly stage?: string
  readonly onError?: 'deny' | 'skip'
  readonly secrets?: readonly NamedSecret[]
}

/** A secret as auth0-deploy-cli writes it; it has no value where Auth0 did not give it away. */
export interface NamedSecret {
  readonly name: string
  readonly value?: string
}

const { name, script, order, enabled, onError } = ruleSchema.properties

export const secretsSchema = {
  type: 'array',
  items: {
    type: 'object',
    properties: { name: { type: 'string', minLength: 1 }, value: { type: 'string' } },
    required: ['name'],
  },
} as const

/** Exported metadata may hold more than we know, so other names are welcome. */
const metadataSchema = {
  type: 'object',
  properties: { name, script, order, enabled, stage: { type: 'string' }, onError, secrets: secretsSchema },
} as const

export const readMetadata = createJsonFileReader(
  createValidator<RuleMetadata>(metadataSchema, 'The file', 'INVALID_RULESET'),
)

/** Auth0 knew other stages, but never ran a rule in them: such a rule is left out. */
export function isLoginStage({ stage = 'login_success' }: RuleMetadata): boolean {
  return stage === 'login_success'
}

/** What auth0-deploy-cli writes where Auth0 keeps a secret to itself. */
const hiddenValue = '_VALUE_NOT_SHOWN_'

export function toSecretMap(list: readonly NamedSecret[] = []): Readonly<Record<string, string>> {
  const entries = list.flatMap(({ name: key, value }) =>
    value === undefined || value === hiddenValue ? [] : [[key, value] as const],
  )
  return Object.fromEntries(entries)
}
