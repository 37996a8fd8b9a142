import type { FromSchema } from 'json-schema-to-ts'
import { hasSecret } from './authentic.ts'
import type { Hook } from './hook.ts'
import { omitNullish } from './omit-nullish.ts'
import { mapClaimsToUser } from './map-claims-to-user.ts'
import { text, textOrNull } from './payload-schema.ts'

/** What Logto gives a custom JWT script as `token` and `context`: https://docs.logto.io/developers/custom-token-claims */
const schema = {
  type: 'object',
  required: ['token'],
  properties: {
    token: { type: 'object', properties: { clientId: text, scope: text, kind: text } },
    context: {
      type: 'object',
      properties: {
        user: {
          type: 'object',
          required: ['id'],
          properties: {
            id: text,
            primaryEmail: textOrNull,
            primaryPhone: textOrNull,
            username: textOrNull,
            name: textOrNull,
            avatar: textOrNull,
            customData: { type: 'object' },
            roles: { type: 'array', items: { type: 'object', required: ['name'], properties: { name: text } } },
          },
        },
        grant: { type: 'object', properties: { type: text } },
      },
    },
  },
} as const

type Payload = FromSchema<typeof schema>

/** Logto's custom JWT, through `logtoScript`. The secret is the script's `CLAIMSMITH_SECRET`. */
export const logto: Hook<Payload> = {
  name: 'logto',
  schema,
  isAuthentic: hasSecret,
  toLogin({ token, context: { user } = {} }) {
    if (user === undefined || token.kind === 'ClientCredentials') return undefined
    return {
      user: {
        ...mapClaimsToUser(user.id, {
          email: user.primaryEmail,
          phone_number: user.primaryPhone,
          username: user.username,
          name: user.name,
          picture: user.avatar,
        }),
        user_metadata: { ...user.customData },
      },
      context: {
        protocol: 'oidc-basic-profile',
        ...omitNullish({ clientID: token.clientId }),
        authorization: { roles: (user.roles ?? []).map(({ name }) => name) },
        idToken: {},
        accessToken: { scope: (token.scope ?? '').split(' ').filter((scope) => scope !== '') },
      },
    }
  },
  passThrough: () => ({ status: 200, body: { claims: {} } }),
  // Logto customises access tokens alone.
  allow: (_, { claims: { accessToken } }) => ({ status: 200, body: { claims: accessToken } }),
  deny: (reason) => ({ status: 200, body: { denied: reason } }),
}
