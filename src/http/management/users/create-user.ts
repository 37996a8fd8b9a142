import { ClaimsmithError } from '../../../errors/claimsmith-error.ts'
import { isOwnStrategy } from '../../../profile/context/connection.ts'
import { newUserBody, withoutInstructions } from '../../../profile/user/user-bodies.ts'
import { type Refusal, answer, refuse } from '../answer.ts'
import { operation } from '../operation.ts'
import { present } from './present.ts'
import { type MetadataBody, refuseMetadata } from './refusals.ts'

interface Body extends MetadataBody {
  readonly connection: string
  readonly [attribute: string]: unknown
}

export const createUser = operation<unknown, Body>({
  id: 'createUser',
  method: 'POST',
  path: '/users',
  tag: 'users',
  summary: 'Create a user of a database or passwordless connection',
  scopes: ['create:users'],
  body: newUserBody,
  success: { status: 201, body: { $ref: '#/components/schemas/User' } },
  async run({ store, body, caller }) {
    const wrongMetadata = refuseMetadata(body)
    if (wrongMetadata !== undefined) return wrongMetadata
    const connection = await store.connections.getByName(body.connection)
    if (connection === undefined) return refuse(400, 'inexistent_connection', 'The connection does not exist.')
    const { name, strategy } = connection
    if (!isOwnStrategy(strategy)) {
      const message = `Users of the connection ${name} come from their identity provider; they cannot be created here.`
      return refuse(400, 'operation_not_supported', message)
    }
    const missing = missingName(strategy, body)
    if (missing !== undefined) return missing
    const input = { ...withoutInstructions(body), connection: name, provider: strategy }
    try {
      return answer(present(await store.users.create(input), caller))
    } catch (error) {
      if (!(error instanceof ClaimsmithError && error.code === 'STORE_CONFLICT')) throw error
      return refuse(409, 'auth0_idp_error', 'The user already exists.')
    }
  },
})

/** What a user of each strategy logs in with: one of these names, and a password where there is a database. */
const names: Readonly<Record<string, readonly string[]>> = {
  auth0: ['email', 'username', 'phone_number'],
  email: ['email'],
  sms: ['phone_number'],
}

function missingName(strategy: string, body: Body): Refusal | undefined {
  const oneOf = names[strategy] ?? []
  const missing = oneOf.some((name) => name in body)
    ? strategy === 'auth0' && !('password' in body)
      ? 'password'
      : undefined
    : oneOf[0]
  return missing === undefined
    ? undefined
    : refuse(400, 'invalid_body', `Payload validation error: 'Missing required property: ${missing}'.`)
}
