import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import { type ConfiguredValue, configuredValueSchema } from '../../profile/rule/configured-value.ts'
import { ruleSchema, type RuleInput } from '../../profile/rule/rule.ts'
import { createValidator } from '../../profile/schema/create-validator.ts'

export interface RulesetOptions {
  /** A folder, one file, or the rules themselves. */
  readonly rules: string | readonly RuleInput[]
  /** `configuration` in rules. It wins over a folder's values. */
  readonly configuration?: Readonly<Record<string, ConfiguredValue>>
  /** `event.secrets` in actions. It wins over an action's own values. */
  readonly secrets?: Readonly<Record<string, ConfiguredValue>>
  /** Default for rules without their own `onError`; default `deny`. */
  readonly onError?: 'deny' | 'skip'
  /** `fresh` gives every login new builtins, for rules that change them; default `hardened`. */
  readonly realm?: 'hardened' | 'fresh'
  /** The longest script, in bytes of UTF-8; default 100,000, at most 1,000,000. */
  readonly maxSourceBytes?: number
}

const optionsSchema = {
  type: 'object',
  properties: {
    rules: { anyOf: [{ type: 'string' }, { type: 'array' }] },
    configuration: { type: 'object', additionalProperties: configuredValueSchema },
    secrets: ruleSchema.properties.secrets,
    onError: ruleSchema.properties.onError,
    realm: { enum: ['hardened', 'fresh'] },
    maxSourceBytes: { type: 'integer', minimum: 1, maximum: 1_000_000 },
  },
  required: ['rules'],
} as const

/** Checks all but the rules themselves. */
export const validateRulesetOptions = createValidator<RulesetOptions>(optionsSchema, 'The ruleset', 'INVALID_RULESET')

const validateRule = createValidator<RuleInput>(ruleSchema, 'The rule', 'INVALID_RULESET')

/** Checks one rule of an array. The error names the rule, or its position from 1 if it has no name. */
export function validateRuleInput(value: unknown, index: number): RuleInput {
  const name = getRuleName(value)
  try {
    return validateRule(value, name === undefined ? `Rule ${index + 1}` : `The rule "${name}"`)
  } catch (error) {
    if (!(error instanceof ClaimsmithError) || error.code !== 'INVALID_RULESET') throw error
    const field = (error.details.path ?? '').slice(1)
    const details = { ...error.details, rule: name ?? index + 1, field }
    throw new ClaimsmithError('INVALID_RULESET', error.message, { details })
  }
}

function getRuleName(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('name' in value)) return undefined
  return typeof value.name === 'string' && value.name.trim() !== '' ? value.name.slice(0, 255) : undefined
}
