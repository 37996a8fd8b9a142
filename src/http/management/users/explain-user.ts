import { createRedactor } from '../../../recording/redaction/redactor.ts'
import { explain } from '../../../recording/replay/explain.ts'
import { reply, managementError } from '../operation-result.ts'
import { defineOperation } from '../define-operation.ts'
import { noSuchClient } from '../clients/client-body.ts'
import { noSuchUser } from './user-errors.ts'

const noRules = managementError(
  503,
  'operation_not_supported',
  'This server runs no rules, so it cannot explain a user.',
)

/** Runs the rules as if the user logged in now, without effects. Tokens of identity providers are never shown. */
export const explainUserOperation = defineOperation({
  id: 'explainUser',
  method: 'GET',
  path: '/users/{id}/explain',
  tag: 'users',
  summary: 'Explain a login by this user: the source of each attribute and claim, and the rules that set it',
  attributes: 'Views all that rules see; alters none.',
  scopes: ['read:users'],
  query: {
    type: 'object',
    additionalProperties: false,
    properties: { client_id: { type: 'string', minLength: 1 } },
  },
  success: { status: 200, body: { type: 'object' } },
  async run({ store, path, query, dryRunLogin }) {
    if (dryRunLogin === undefined) return noRules
    const user = await store.users.get(path['id'] ?? '')
    if (user === undefined) return noSuchUser
    const client = query.client_id === undefined ? undefined : await store.clients.get(query.client_id)
    if (query.client_id !== undefined && client === undefined) return noSuchClient
    const { outcome, raw } = await dryRunLogin(user, client)
    const explanation = explain(outcome, raw)
    const redactor = createRedactor([])
    redactor.learn(explanation)
    return reply(redactor.redact(explanation))
  },
})
