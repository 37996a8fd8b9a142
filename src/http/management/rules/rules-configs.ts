import { rulesConfigSchemas } from '../../../profile/rule/stored-rule.ts'
import { reply } from '../operation-result.ts'
import { defineOperation } from '../define-operation.ts'

const tag = 'rules-configs'
const path = '/rules-configs/{key}'
const { key, value } = rulesConfigSchemas

export const listRulesConfigsOperation = defineOperation({
  id: 'listRulesConfigs',
  method: 'GET',
  path: '/rules-configs',
  tag,
  summary: "List the names of the rules' configuration values; the values are never shown",
  scopes: ['read:rules_configs'],
  success: {
    status: 200,
    body: { type: 'array', items: { type: 'object', properties: { key }, required: ['key'] } },
  },
  run: async ({ store }) => reply((await store.rules.listConfigKeys()).map((name) => ({ key: name }))),
})

export const setRulesConfigOperation = defineOperation({
  id: 'setRulesConfig',
  method: 'PUT',
  path,
  tag,
  summary: 'Set a value of `configuration` in rules, from the next login on',
  scopes: ['update:rules_configs'],
  body: { type: 'object', additionalProperties: false, properties: { value }, required: ['value'] },
  success: {
    status: 200,
    body: { type: 'object', properties: { key, value }, required: ['key', 'value'] },
  },
  async run({ store, path: { key: name = '' }, body }) {
    await store.rules.setConfig(name, body.value)
    return reply({ key: name, value: body.value })
  },
})

export const deleteRulesConfigOperation = defineOperation({
  id: 'deleteRulesConfig',
  method: 'DELETE',
  path,
  tag,
  summary: 'Delete a configuration value; no error if there is none',
  scopes: ['delete:rules_configs'],
  success: { status: 204 },
  async run({ store, path: { key: name = '' } }) {
    await store.rules.deleteConfig(name)
    return reply()
  },
})
