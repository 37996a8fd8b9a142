import { type ConfiguredValue, configuredValueSchema } from './configured-value.ts'

/** A rule as a value, not a file. */
export const ruleSchema = {
  type: 'object',
  properties: {
    name: { type: 'string', pattern: '\\S', maxLength: 255 },
    script: { type: 'string', pattern: '\\S' },
    filename: { type: 'string', pattern: '\\S', maxLength: 1024 },
    order: { type: 'number', minimum: 0 },
    enabled: { type: 'boolean' },
    onError: { enum: ['deny', 'skip'] },
    secrets: { type: 'object', additionalProperties: configuredValueSchema },
    hosts: { type: 'array', items: { type: 'string' } },
  },
  required: ['name', 'script'],
  additionalProperties: false,
} as const

/**
 * One rule as `createEngine` and `engine.replace` take it.
 *
 * @example
 * const rule: RuleInput = { name: 'roles', script: 'function (user, context, callback) { callback(null, user, context) }' }
 */
export interface RuleInput {
  /** Unique in its ruleset. */
  name: string
  /** JavaScript: one function, `function (user, context, callback) { … }`; or an action, `exports.onExecutePostLogin = …`. */
  script: string
  /** Its name in stack traces; default its name with `.js`. */
  filename?: string
  /** Rules run in ascending order. Rules without an order run last, as given. Actions run after all rules. */
  order?: number
  /** Default true. */
  enabled?: boolean
  /** Whether a failure of this rule denies the login or skips the rule; default `deny`. */
  onError?: 'deny' | 'skip'
  /** `event.secrets` of this action alone. */
  secrets?: Record<string, ConfiguredValue>
  /** The only hosts that it may call, of those that the engine lets rules call: `['crm.example', '*.crm.example:443']`. */
  hosts?: string[]
}
