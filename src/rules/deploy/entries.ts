import { validator } from '../../profile/schema/validate.ts'

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

const text = { type: 'string' } as const
/** A keyword that has no value yet may stand where a number or a boolean belongs. */
const keyword = { type: 'string', pattern: '^(@@|##).*(@@|##)$' } as const

/** YAML makes numbers of what is one; a configuration is text. */
const scalar = { anyOf: [text, { type: 'number' }, { type: 'boolean' }] } as const

const ruleEntry = {
  type: 'object',
  properties: {
    name: text,
    script: text,
    order: { anyOf: [{ type: 'number', minimum: 0 }, keyword] },
    enabled: { anyOf: [{ type: 'boolean' }, keyword] },
    stage: text,
  },
}
const configEntry = {
  type: 'object',
  properties: { key: { type: 'string', minLength: 1 }, value: scalar },
}
const named = { type: 'object', properties: { name: text, version: text }, required: ['name'] }
const actionEntry = {
  type: 'object',
  properties: {
    name: text,
    code: text,
    dependencies: { type: 'array', items: named },
    secrets: { anyOf: [text, { type: 'array', items: { ...named, properties: { name: text, value: text } } }] },
    supported_triggers: { type: 'array', items: { type: 'object', properties: { id: text }, required: ['id'] } },
  },
}
const binding = { type: 'object', properties: { action_name: text }, required: ['action_name'] }
const triggers = {
  type: 'object',
  additionalProperties: { anyOf: [{ type: 'array', items: binding }, text, { type: 'null' }] },
}

export const asRule = validator<RuleEntry>(ruleEntry, 'The file', 'INVALID_RULESET')
export const asConfig = validator<ConfigEntry>(configEntry, 'The file', 'INVALID_RULESET')
export const asAction = validator<ActionEntry>(actionEntry, 'The file', 'INVALID_RULESET')
export const asTriggers = validator<Triggers>(triggers, 'The file', 'INVALID_RULESET')

const lists = {
  type: 'object',
  properties: {
    rules: listOf({ ...ruleEntry, required: ['name', 'script'] }),
    rulesConfigs: listOf({ ...configEntry, required: ['key'] }),
    actions: listOf({ ...actionEntry, required: ['name', 'code'] }),
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

export const asTenant = validator<TenantEntries>(lists, 'The file', 'INVALID_RULESET')

function listOf(items: object): object {
  return { type: 'array', items }
}
