/** What a rule may say about itself when it is given as a value rather than a file. */
export const ruleSchema = {
  type: 'object',
  properties: {
    name: { type: 'string', pattern: '\\S', maxLength: 255 },
    script: { type: 'string', pattern: '\\S' },
    filename: { type: 'string', pattern: '\\S', maxLength: 1024 },
    order: { type: 'number', minimum: 0 },
    enabled: { type: 'boolean' },
    onError: { enum: ['deny', 'skip'] },
    secrets: { type: 'object', additionalProperties: { type: 'string' } },
  },
  required: ['name', 'script'],
  additionalProperties: false,
} as const

export interface RuleInput {
  /** Unique in its ruleset. */
  name: string
  /** JavaScript: one function, `function (user, context, callback) { … }`; or an action, `exports.onExecutePostLogin = …`. */
  script: string
  /** What stack traces call it; default its name with `.js`. */
  filename?: string
  /** Rules run in ascending order; those without one run last, as they were given. Actions run after all rules. */
  order?: number
  /** Default true. */
  enabled?: boolean
  /** What a failure of this rule does to the login; default `deny`. */
  onError?: 'deny' | 'skip'
  /** What an action finds in `event.secrets`, for this one alone. */
  secrets?: Record<string, string>
}
