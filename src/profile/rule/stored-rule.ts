/** When Auth0 meant a rule to run; only `login_success` ever did, and does. */
export type RuleStage = 'login_success' | 'login_failure' | 'pre_authorize'

/** A rule as it is kept in the store, and shown by the Management API. */
export interface StoredRule {
  /** `rul_` and 16 characters. */
  readonly id: string
  /** Unique. */
  readonly name: string
  readonly script: string
  /** Unique in its stage; rules run in ascending order. */
  readonly order: number
  readonly enabled: boolean
  /** Never changes. */
  readonly stage: RuleStage
}

/** Each member of a stored rule that a caller may give. */
export const storedRuleProperties = {
  name: { type: 'string', pattern: '^[a-zA-Z0-9]([ \\-a-zA-Z0-9]*[a-zA-Z0-9])?$', maxLength: 255 },
  script: { type: 'string', minLength: 1 },
  order: { type: 'number', minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
  enabled: { type: 'boolean' },
  stage: { enum: ['login_success', 'login_failure', 'pre_authorize'] },
} as const

/** What a value of the configuration may be called, and hold. */
export const rulesConfigSchemas = {
  key: { type: 'string', pattern: '^[A-Za-z0-9_\\-@*+:]+$', maxLength: 127 },
  value: { type: 'string', maxLength: 20_480 },
} as const
