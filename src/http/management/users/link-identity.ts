import type { FromSchema } from 'json-schema-to-ts'
import { ClaimsmithError } from '../../../errors/claimsmith-error.ts'
import { type ManagementError, reply, managementError } from '../operation-result.ts'
import { isLoginEnded } from '../authorize.ts'
import { isManagementError } from '../input.ts'
import { defineOperation } from '../define-operation.ts'
import type { Call } from '../operation.ts'
import { toIdentityId } from './to-identity-id.ts'
import { toIdentitiesResponse } from './user-response.ts'
import { noSuchUser } from './user-errors.ts'

const body = {
  type: 'object',
  additionalProperties: false,
  properties: {
    provider: { type: 'string', minLength: 1 },
    user_id: { type: ['string', 'integer'], minLength: 1 },
    connection_id: { type: 'string', minLength: 1 },
    link_with: {
      type: 'string',
      minLength: 1,
      description: 'An ID token of the other user; no other member may be given.',
    },
  },
} as const

type LinkCall = Call<unknown, FromSchema<typeof body>>

export const linkIdentityOperation = defineOperation({
  id: 'linkIdentity',
  method: 'POST',
  path: '/users/{id}/identities',
  tag: 'users',
  summary: "Link another user's identity to this user; the other user is deleted, and its metadata is not merged",
  attributes: 'Views and alters `identities`.',
  scopes: ['update:users', 'update:current_user_identities'],
  body,
  success: { status: 201, body: { type: 'array', items: { type: 'object' } } },
  async run(call) {
    const { store, path, caller } = call
    const secondary =
      call.body.link_with === undefined
        ? await resolveNamedIdentity(call)
        : await verifyLinkedIdentity(call, call.body.link_with)
    if (isManagementError(secondary)) return secondary
    try {
      const identities = await store.users.link(path['id'] ?? '', secondary)
      return identities === undefined ? noSuchUser : reply(toIdentitiesResponse(identities, caller))
    } catch (error) {
      if (!(error instanceof ClaimsmithError && error.code === 'STORE_CONFLICT')) throw error
      return managementError(409, 'identity_conflict', error.message)
    }
  },
})

type SecondaryIdentity = ReturnType<typeof toIdentityId>

async function resolveNamedIdentity(call: LinkCall): Promise<SecondaryIdentity | ManagementError> {
  const { store, caller } = call
  // The name of an account proves nothing: users could link each other's accounts.
  if (!caller.scopes.includes('update:users')) {
    return managementError(
      403,
      'insufficient_scope',
      'With your own token, link_with must hold an ID token of the other account.',
    )
  }
  const { provider, user_id: id, connection_id: connectionId } = call.body
  if (provider === undefined || id === undefined) {
    const missing = provider === undefined ? 'provider' : 'user_id'
    return managementError(400, 'invalid_body', `Payload validation error: 'Missing required property: ${missing}'.`)
  }
  const identity = toIdentityId(provider, String(id))
  if (connectionId === undefined) return identity
  const connection = await store.connections.get(connectionId)
  const user = await store.users.get(`${identity.provider}|${identity.user_id}`)
  const hasConnection = user?.identities?.some((candidate) => candidate.connection === connection?.name)
  return hasConnection === true
    ? identity
    : managementError(400, 'inexistent_connection', 'The user to link is not one of this connection.')
}

async function verifyLinkedIdentity(call: LinkCall, idToken: string): Promise<SecondaryIdentity | ManagementError> {
  const { issuer, caller } = call
  if (Object.keys(call.body).length > 1) {
    return managementError(
      400,
      'invalid_body',
      "Payload validation error: 'No other member may be given' on property link_with.",
    )
  }
  const claims = await issuer.verifyIdToken(idToken).catch((error: unknown) => {
    if (error instanceof ClaimsmithError && error.code === 'INVALID_TOKEN') return undefined
    throw error
  })
  const isForCaller = caller.scopes.includes('update:users') || [claims?.aud].flat().includes(caller.clientId)
  if (claims === undefined || !isForCaller || (await isLoginEnded(claims, call))) {
    return managementError(
      400,
      'invalid_body',
      "Payload validation error: 'Not a valid ID token' on property link_with.",
    )
  }
  const [provider = '', ...id] = claims.sub.split('|')
  return { provider, user_id: id.join('|') }
}
