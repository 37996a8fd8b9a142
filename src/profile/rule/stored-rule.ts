/** Auth0's stages. Only rules of `login_success` ever ran, there and here. */
export type RuleStage = 'login_success' | 'login_failure' | 'pre_authorize'

/** A rule in the store and in the Management API. */
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

/** The members of a stored rule that a caller may set. */
export const storedRuleProperties = {
  name: { type: 'string', pattern: '^[a-zA-Z0-9]([ \\-a-zA-Z0-9]*[a-zA-Z0-9])?$', maxLength: 255 },
  script: { type: 'string', minLength: 1 },
  order: { type: 'number', minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
  enabled: { type: 'boolean' },
  stage: { enum: ['login_success', 'login_failure', 'pre_authorize'] },
} as const

/** Key and value of a configuration entry. */
export const rulesConfigSchemas = {
  key: { type: 'string', pattern: '^[A-Za-z0-9_\\-@*+:]+$', maxLength: 127 },
  value: { type: 'string', maxLength: 20_480 },
} as const
