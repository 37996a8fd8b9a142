import { ClaimsmithError } from '../../../errors/claimsmith-error.ts'
import { isOwnStrategy } from '../../../profile/context/connection.ts'
import { newUserBody, removeInstructions } from '../../../profile/user/user-bodies.ts'
import { type ManagementError, reply, managementError } from '../operation-result.ts'
import { defineOperation } from '../define-operation.ts'
import type { Call } from '../operation.ts'
import { toUserResponse } from './user-response.ts'
import { type MetadataBody, validateMetadata } from './user-errors.ts'

interface Body extends MetadataBody {
  readonly connection: string
  readonly [attribute: string]: unknown
}

export const createUserOperation = defineOperation({
  id: 'createUser',
  method: 'POST',
  path: '/users',
  tag: 'users',
  summary: 'Create a user of a database or passwordless connection',
  scopes: ['create:users'],
  body: newUserBody,
  success: { status: 201, body: { $ref: '#/components/schemas/User' } },
  async run({ store, body, caller }: Call<unknown, Body>) {
    const metadataError = validateMetadata(body)
    if (metadataError !== undefined) return metadataError
    const connection = await store.connections.getByName(body.connection)
    if (connection === undefined) return managementError(400, 'inexistent_connection', 'The connection does not exist.')
    const { name, strategy } = connection
    if (!isOwnStrategy(strategy)) {
      const message = `Users of the connection ${name} come from their identity provider; they cannot be created here.`
      return managementError(400, 'operation_not_supported', message)
    }
    const nameError = checkLoginName(strategy, body)
    if (nameError !== undefined) return nameError
    const input = { ...removeInstructions(body), connection: name, provider: strategy }
    try {
      return reply(toUserResponse(await store.users.create(input), caller))
    } catch (error) {
      if (!(error instanceof ClaimsmithError && error.code === 'STORE_CONFLICT')) throw error
      return managementError(409, 'auth0_idp_error', 'The user already exists.')
    }
  },
})

/** The attributes that users of each strategy log in with; one is required, and in a database a password. */
const loginNames: Readonly<Record<string, readonly string[]>> = {
  auth0: ['email', 'username', 'phone_number'],
  email: ['email'],
  sms: ['phone_number'],
}

function checkLoginName(strategy: string, body: Body): ManagementError | undefined {
  const names = loginNames[strategy] ?? []
  const isPasswordMissing = strategy === 'auth0' && !('password' in body)
  const hasName = names.some((name) => name in body)
  const missing = hasName ? (isPasswordMissing ? 'password' : undefined) : names[0]
  return missing === undefined
    ? undefined
    : managementError(400, 'invalid_body', `Payload validation error: 'Missing required property: ${missing}'.`)
}
