import { ClaimsmithError } from '../../../errors/claimsmith-error.ts'
import { type Refusal, answer, refuse } from '../answer.ts'
import { isLoginGone } from '../authorize.ts'
import { isRefusal } from '../input.ts'
import { type Call, operation } from '../operation.ts'
import { identityId } from './identity-id.ts'
import { presentIdentities } from './present.ts'
import { noSuchUser } from './refusals.ts'

interface Body {
  readonly provider?: string
  readonly user_id?: string | number
  readonly connection_id?: string
  readonly link_with?: string
}

type LinkCall = Call<unknown, Body>

export const linkIdentity = operation<unknown, Body>({
  id: 'linkIdentity',
  method: 'POST',
  path: '/users/{id}/identities',
  tag: 'users',
  summary: "Link another user's identity to this user; the other user is deleted, and its metadata is not merged",
  attributes: 'Views and alters `identities`.',
  scopes: ['update:users', 'update:current_user_identities'],
  body: {
    type: 'object',
    additionalProperties: false,
    properties: {
      provider: { type: 'string', minLength: 1 },
      user_id: { type: ['string', 'integer'], minLength: 1 },
      connection_id: { type: 'string', minLength: 1 },
      link_with: { type: 'string', minLength: 1, description: "An ID token of the other user's; nothing beside it." },
    },
  },
  success: { status: 201, body: { type: 'array', items: { type: 'object' } } },
  async run(call) {
    const { store, path, caller } = call
    const secondary = call.body.link_with === undefined ? await named(call) : await proved(call, call.body.link_with)
    if (isRefusal(secondary)) return secondary
    try {
      const identities = await store.users.link(path['id'] ?? '', secondary)
      return identities === undefined ? noSuchUser : answer(presentIdentities(identities, caller))
    } catch (error) {
      if (!(error instanceof ClaimsmithError && error.code === 'STORE_CONFLICT')) throw error
      return refuse(409, 'identity_conflict', error.message)
    }
  },
})

type Named = ReturnType<typeof identityId>

async function named({ store, body, caller }: LinkCall): Promise<Named | Refusal> {
  // Naming an account proves nothing: with this alone, users could take each other's.
  if (!caller.scopes.includes('update:users')) {
    return refuse(
      403,
      'insufficient_scope',
      'With your own token, link_with must hold an ID token of the other account.',
    )
  }
  const { provider, user_id: id, connection_id: connectionId } = body
  if (provider === undefined || id === undefined) {
    const missing = provider === undefined ? 'provider' : 'user_id'
    return refuse(400, 'invalid_body', `Payload validation error: 'Missing required property: ${missing}'.`)
  }
  const identity = identityId(provider, String(id))
  if (connectionId === undefined) return identity
  const connection = await store.connections.get(connectionId)
  const user = await store.users.get(`${identity.provider}|${identity.user_id}`)
  const isThere = user?.identities?.some((one) => one.connection === connection?.name)
  return isThere === true
    ? identity
    : refuse(400, 'inexistent_connection', 'The user to link is not one of this connection.')
}

async function proved(call: LinkCall, idToken: string): Promise<Named | Refusal> {
  const { issuer, body, caller } = call
  if (Object.keys(body).length > 1) {
    return refuse(
      400,
      'invalid_body',
      "Payload validation error: 'Nothing may be given beside it' on property link_with.",
    )
  }
  const claims = await issuer.verifyIdToken(idToken).catch((error: unknown) => {
    if (error instanceof ClaimsmithError && error.code === 'INVALID_TOKEN') return undefined
    throw error
  })
  const isForCaller = caller.scopes.includes('update:users') || [claims?.aud].flat().includes(caller.clientId)
  if (claims === undefined || !isForCaller || (await isLoginGone(claims, call))) {
    return refuse(400, 'invalid_body', "Payload validation error: 'Not a valid ID token' on property link_with.")
  }
  const [provider = '', ...id] = claims.sub.split('|')
  return { provider, user_id: id.join('|') }
}
