import { appendPointer } from '../../profile/schema/append-pointer.ts'
import type { FromSchema } from 'json-schema-to-ts'
import type { LoginContext } from '../../profile/context/context.ts'
import { hasSecret } from './authentic.ts'
import type { Hook } from './hook.ts'
import { omitNullish } from './omit-nullish.ts'
import { mapClaimsToUser } from './map-claims-to-user.ts'
import { nullableObject, text } from './payload-schema.ts'

type Claims = Readonly<Record<string, unknown>>

/** https://developer.okta.com/docs/reference/token-hook/ */
const schema = {
  type: 'object',
  required: ['eventId', 'eventType', 'data'],
  properties: {
    eventId: text,
    eventType: { const: 'com.okta.oauth2.tokens.transform' },
    data: {
      type: 'object',
      required: ['context'],
      properties: {
        context: {
          type: 'object',
          properties: {
            request: nullableObject({ ipAddress: text, url: nullableObject({ value: text }) }),
            protocol: nullableObject({
              request: nullableObject({ grant_type: text }),
              client: nullableObject({ id: text, name: text }),
            }),
            session: nullableObject({ id: text }),
            user: nullableObject(
              { id: text, profile: nullableObject({ login: text, firstName: text, lastName: text }) },
              'id',
            ),
          },
        },
        identity: nullableObject({ claims: { type: 'object' } }, 'claims'),
        access: nullableObject({ claims: { type: 'object' }, scopes: nullableObject({}) }, 'claims'),
      },
    },
  },
} as const

type Payload = FromSchema<typeof schema>

/** Okta's token inline hook. The secret is the value of the authentication field, usually the header `Authorization`. */
export const okta: Hook<Payload> = {
  name: 'okta',
  schema,
  isAuthentic: hasSecret,
  readDeliveryId: ({ eventId }) => eventId,
  toLogin({ data: { context, identity, access } }) {
    const { user } = context
    if (user === undefined || user === null) return undefined
    const { login, firstName, lastName } = user.profile ?? {}
    const profile = { preferred_username: login, given_name: firstName, family_name: lastName }
    return {
      user: mapClaimsToUser(user.id, { ...profile, ...identity?.claims }),
      context: {
        ...buildOktaContext(context),
        idToken: {},
        accessToken: { scope: Object.keys(access?.scopes ?? {}) },
      },
    }
  },
  passThrough: () => ({ status: 204 }),
  allow: ({ data }, { claims: { idToken, accessToken } }) => ({
    status: 200,
    body: {
      commands: [
        ...buildPatchCommands('com.okta.identity.patch', data.identity?.claims, idToken),
        ...buildPatchCommands('com.okta.access.patch', data.access?.claims, accessToken),
      ],
    },
  }),
  deny: (reason) => ({ status: 200, body: { error: { errorSummary: reason } } }),
}

function buildOktaContext({ protocol, request, session }: Payload['data']['context']): LoginContext {
  const { client } = protocol ?? {}
  return {
    protocol: protocol?.request?.grant_type === 'refresh_token' ? 'oauth2-refresh-token' : 'oidc-basic-profile',
    ...omitNullish({ clientID: client?.id, clientName: client?.name, sessionID: session?.id }),
    request: omitNullish({ ip: request?.ipAddress, query: parseQuery(request?.url?.value) }),
  }
}

/** Builds one command per token. Okta has different operations to add a claim and to replace one. */
function buildPatchCommands(type: string, token: Claims | undefined, claims: Claims): object[] {
  const names = Object.keys(claims)
  if (token === undefined || names.length === 0) return []
  const value = names.map((name) => ({
    op: Object.hasOwn(token, name) ? 'replace' : 'add',
    path: appendPointer('/claims', name),
    value: claims[name],
  }))
  return [{ type, value }]
}

function parseQuery(url: string | undefined): Record<string, string> {
  return url === undefined || !URL.canParse(url) ? {} : Object.fromEntries(new URL(url).searchParams)
}
