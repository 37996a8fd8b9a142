import { type StoredRule, storedRuleProperties } from '../../../profile/rule/stored-rule.ts'
import { reply } from '../operation-result.ts'
import { defineOperation } from '../define-operation.ts'
import { toListResponse, resolvePage, paging } from '../paging.ts'
import { fieldSelection, selectFields } from '../users/fields.ts'
import { noSuchRule, toConflictError, validateScript } from './rule-errors.ts'

const tag = 'rules'
const path = '/rules/{id}'
const { stage: _stage, ...mutableProperties } = storedRuleProperties
const rule = {
  type: 'object',
  properties: { id: { type: 'string', pattern: '^rul_[a-f0-9]{16}$' }, ...storedRuleProperties },
  required: ['id', 'name', 'script', 'order', 'enabled', 'stage'],
}

export const listRulesOperation = defineOperation({
  id: 'listRules',
  method: 'GET',
  path: '/rules',
  tag,
  summary: 'List rules, by stage and order',
  scopes: ['read:rules'],
  query: {
    type: 'object',
    additionalProperties: false,
    properties: { ...paging, ...fieldSelection, enabled: { type: 'boolean' } },
  },
  success: { status: 200, body: { type: 'array', items: rule } },
  async run({ store, query }) {
    const { rules, total } = await store.rules.list({ ...resolvePage(query), enabled: query.enabled })
    const items = rules.map((storedRule) => selectFields(toRecord(storedRule), query))
    return reply(toListResponse(query, 'rules', items, total))
  },
})

export const createRuleOperation = defineOperation({
  id: 'createRule',
  method: 'POST',
  path: '/rules',
  tag,
  summary: 'Create a rule, which runs from the next login on; without an order, after the others',
  scopes: ['create:rules'],
  body: {
    type: 'object',
    additionalProperties: false,
    properties: storedRuleProperties,
    required: ['name', 'script'],
  },
  success: { status: 201, body: rule },
  async run(call) {
    const { store, body } = call
    return validateScript(body, call) ?? (await store.rules.create(body).then(reply, toConflictError))
  },
})

export const getRuleOperation = defineOperation({
  id: 'getRule',
  method: 'GET',
  path,
  tag,
  summary: 'Get a rule',
  scopes: ['read:rules'],
  query: { type: 'object', additionalProperties: false, properties: fieldSelection },
  success: { status: 200, body: rule },
  async run({ store, path: { id = '' }, query }) {
    const storedRule = await store.rules.get(id)
    return storedRule === undefined ? noSuchRule : reply(selectFields(toRecord(storedRule), query))
  },
})

export const updateRuleOperation = defineOperation({
  id: 'updateRule',
  method: 'PATCH',
  path,
  tag,
  summary: 'Change a rule, from the next login on; its stage never changes',
  scopes: ['update:rules'],
  body: { type: 'object', additionalProperties: false, minProperties: 1, properties: mutableProperties },
  success: { status: 200, body: rule },
  async run(call) {
    const { store, path: target, body } = call
    const current = await store.rules.get(target['id'] ?? '')
    if (current === undefined) return noSuchRule
    const scriptError = validateScript({ ...current, ...body }, call)
    if (scriptError !== undefined) return scriptError
    return await store.rules
      .update(current.id, body)
      .then((changed) => (changed === undefined ? noSuchRule : reply(changed)), toConflictError)
  },
})

export const deleteRuleOperation = defineOperation({
  id: 'deleteRule',
  method: 'DELETE',
  path,
  tag,
  summary: 'Delete a rule, from the next login on; no error if there is none',
  scopes: ['delete:rules'],
  success: { status: 204 },
  async run({ store, path: { id = '' } }) {
    await store.rules.delete(id)
    return reply()
  },
})

function toRecord(storedRule: StoredRule): Record<string, unknown> {
  return { ...storedRule }
}
