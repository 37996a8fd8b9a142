import type { FromSchema } from 'json-schema-to-ts'
import { createValidator } from '../../profile/schema/create-validator.ts'

const textSchema = { type: 'string' } as const
/** An unresolved keyword may replace a number or a boolean. */
const keywordSchema = { type: 'string', pattern: '^(@@|##).*(@@|##)$' } as const

/** YAML reads `1` and `true` as a number and a boolean; configuration values are text. */
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
} as const

const configEntrySchema = {
  type: 'object',
  properties: { key: { type: 'string', minLength: 1 }, value: scalarSchema },
} as const

const dependencySchema = {
  type: 'object',
  properties: { name: textSchema, version: textSchema },
  required: ['name'],
} as const

const secretSchema = {
  type: 'object',
  properties: { name: textSchema, value: textSchema },
  required: ['name'],
} as const

const triggerSchema = { type: 'object', properties: { id: textSchema }, required: ['id'] } as const

const actionEntrySchema = {
  type: 'object',
  properties: {
    name: textSchema,
    code: textSchema,
    dependencies: { type: 'array', items: dependencySchema },
    // An unresolved keyword may replace the whole list.
    secrets: { anyOf: [textSchema, { type: 'array', items: secretSchema }] },
    supported_triggers: { type: 'array', items: triggerSchema },
  },
} as const

const bindingSchema = { type: 'object', properties: { action_name: textSchema }, required: ['action_name'] } as const

const triggersSchema = {
  type: 'object',
  additionalProperties: { anyOf: [{ type: 'array', items: bindingSchema }, textSchema, { type: 'null' }] },
} as const

const tenantSchema = {
  type: 'object',
  properties: {
    rules: { type: 'array', items: { ...ruleEntrySchema, required: ['name', 'script'] } },
    rulesConfigs: { type: 'array', items: { ...configEntrySchema, required: ['key'] } },
    actions: { type: 'array', items: { ...actionEntrySchema, required: ['name', 'code'] } },
    triggers: triggersSchema,
  },
} as const

/** A rule as a deployment lists it, in JSON or YAML. */
export type RuleEntry = FromSchema<typeof ruleEntrySchema>

/** An action as a deployment lists it. */
export type ActionEntry = FromSchema<typeof actionEntrySchema>

/** From a trigger to the actions that it runs, in order. */
export type Triggers = FromSchema<typeof triggersSchema>

type ConfigEntry = FromSchema<typeof configEntrySchema>
/** The parts of a `tenant.yaml` that concern logins. */
type TenantEntries = FromSchema<typeof tenantSchema>

export const validateRuleEntry = createValidator<RuleEntry>(ruleEntrySchema, 'The file', 'INVALID_RULESET')
export const validateConfigEntry = createValidator<ConfigEntry>(configEntrySchema, 'The file', 'INVALID_RULESET')
export const validateActionEntry = createValidator<ActionEntry>(actionEntrySchema, 'The file', 'INVALID_RULESET')
export const validateTriggers = createValidator<Triggers>(triggersSchema, 'The file', 'INVALID_RULESET')
export const validateTenantEntries = createValidator<TenantEntries>(tenantSchema, 'The file', 'INVALID_RULESET')
