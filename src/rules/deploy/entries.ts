import { createValidator } from '../../profile/schema/create-validator.ts'

/** A rule as a deployment lists it, in JSON or YAML. */
export interface RuleEntry {
  readonly name?: string
  readonly script?: string
  readonly order?: number | string
  readonly enabled?: boolean | string
  readonly stage?: string
}

export interface ConfigEntry {
  readonly key?: string
  readonly value?: string | number | boolean
}

export interface ActionEntry {
  readonly name?: string
  readonly code?: string
  readonly dependencies?: ReadonlyArray<{ readonly name: string; readonly version?: string }>
  readonly secrets?: string | ReadonlyArray<{ readonly name: string; readonly value?: string }>
  readonly supported_triggers?: ReadonlyArray<{ readonly id: string }>
}

/** Which actions a trigger runs, in order. */
export type Triggers = Readonly<Record<string, ReadonlyArray<{ readonly action_name: string }> | string | null>>

const textSchema = { type: 'string' } as const
/** A keyword that has no value yet may stand where a number or a boolean belongs. */
const keywordSchema = { type: 'string', pattern: '^(@@|##).*(@@|##)$' } as const

/** YAML makes numbers of what is one; a configuration is text. */
const scalarSchema = { anyOf: [textSchema, { type: 'number' }, { type: 'boolean' }] } as const

const ruleEntrySchema = {
  type: 'object',
  properties: {
    name: textSchema,
    script: textSchema,
    order: { anyOf: [{ type: 'number', minimum: 0 }, keywordSchema] },
    enabled: { anyOf: [{ type: 'boolean' }, keywordSchema] },
    stage: textSchema,
  },
}
const configEntrySchema = {
  type: 'object',
  properties: { key: { type: 'string', minLength: 1 }, value: scalarSchema },
}
const namedItemSchema = { type: 'object', properties: { name: textSchema, version: textSchema }, required: ['name'] }
const actionEntrySchema = {
  type: 'object',
  properties: {
    name: textSchema,
    code: textSchema,
    dependencies: { type: 'array', items: namedItemSchema },
    secrets: {
      anyOf: [
        textSchema,
        { type: 'array', items: { ...namedItemSchema, properties: { name: textSchema, value: textSchema } } },
      ],
    },
    supported_triggers: { type: 'array', items: { type: 'object', properties: { id: textSchema }, required: ['id'] } },
  },
}
const bindingSchema = { type: 'object', properties: { action_name: textSchema }, required: ['action_name'] }
const triggers = {
  type: 'object',
  additionalProperties: { anyOf: [{ type: 'array', items: bindingSchema }, textSchema, { type: 'null' }] },
}

export const validateRuleEntry = createValidator<RuleEntry>(ruleEntrySchema, 'The file', 'INVALID_RULESET')
export const validateConfigEntry = createValidator<ConfigEntry>(configEntrySchema, 'The file', 'INVALID_RULESET')
export const validateActionEntry = createValidator<ActionEntry>(actionEntrySchema, 'The file', 'INVALID_RULESET')
export const validateTriggers = createValidator<Triggers>(triggers, 'The file', 'INVALID_RULESET')

const tenantSchema = {
  type: 'object',
  properties: {
    rules: toListSchema({ ...ruleEntrySchema, required: ['name', 'script'] }),
    rulesConfigs: toListSchema({ ...configEntrySchema, required: ['key'] }),
    actions: toListSchema({ ...actionEntrySchema, required: ['name', 'code'] }),
    triggers,
  },
}

/** The parts of a `tenant.yaml` that concern logins. */
export interface TenantEntries {
  readonly rules?: readonly RuleEntry[]
  readonly rulesConfigs?: readonly ConfigEntry[]
  readonly actions?: readonly ActionEntry[]
  readonly triggers?: Triggers
}

export const validateTenantEntries = createValidator<TenantEntries>(tenantSchema, 'The file', 'INVALID_RULESET')

function toListSchema(items: object): object {
  return { type: 'array', items }
}
