import { createRedactor } from '../../../recording/redaction/redactor.ts'
import { explain } from '../../../recording/replay/explain.ts'
import { answer, refuse } from '../answer.ts'
import { operation } from '../operation.ts'
import { noSuchUser } from './refusals.ts'

interface Query {
  readonly client_id?: string
}

const noRules = refuse(503, 'operation_not_supported', 'This server runs no rules that could explain a user.')
const noSuchClient = refuse(404, 'inexistent_client', 'The client does not exist.')

/** The rules run as if the user logged in now; nothing comes of it. Tokens of identity providers are never shown. */
export const explainUser = operation<Query>({
  id: 'explainUser',
  method: 'GET',
  path: '/users/{id}/explain',
  tag: 'users',
  summary: 'Say of each attribute and claim of a login by this user where it comes from, and which rules set it',
  attributes: 'Views all that rules see, and alters none.',
  scopes: ['read:users'],
  query: {
    type: 'object',
    additionalProperties: false,
    properties: { client_id: { type: 'string', minLength: 1 } },
  },
  success: { status: 200, body: { type: 'object' } },
  async run({ store, path, query, tryLogin }) {
    if (tryLogin === undefined) return noRules
    const user = await store.users.get(path['id'] ?? '')
    if (user === undefined) return noSuchUser
    const client = query.client_id === undefined ? undefined : await store.clients.get(query.client_id)
    if (query.client_id !== undefined && client === undefined) return noSuchClient
    const { outcome, raw } = await tryLogin(user, client)
    const explanation = explain(outcome, raw)
    const redactor = createRedactor([])
    redactor.learn(explanation)
    return answer(redactor.redact(explanation))
  },
})
