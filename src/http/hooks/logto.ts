import { hasSecret } from './authentic.ts'
import type { Hook } from './hook.ts'
import { omitNullish } from './omit-nullish.ts'
import { mapClaimsToUser } from './map-claims-to-user.ts'

type Claims = Readonly<Record<string, unknown>>

/** What Logto gives a custom JWT script as `token` and `context`: https://docs.logto.io/developers/custom-token-claims */
export interface LogtoPayload {
  readonly token: { readonly clientId?: string; readonly scope?: string; readonly kind?: string }
  readonly context?: {
    readonly user?: {
      readonly id: string
      readonly primaryEmail?: string | null
      readonly primaryPhone?: string | null
      readonly username?: string | null
      readonly name?: string | null
      readonly avatar?: string | null
      readonly customData?: Claims
      readonly roles?: readonly { readonly name: string }[]
    }
    readonly grant?: { readonly type?: string }
  }
}

const text = { type: 'string' } as const
const textOrNull = { type: ['string', 'null'] } as const

/** The script to paste into Logto's custom JWT editor, for access tokens of users; it calls the endpoint. */
export const logtoScript = `const getCustomJwtClaims = async ({ token, context, environmentVariables, api }) => {
  const response = await fetch(environmentVariables.CLAIMSMITH_URL, {
    method: 'POST',
    headers: {
      authorization: \`Bearer \${environmentVariables.CLAIMSMITH_SECRET}\`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ token, context }),
  });
  if (!response.ok) throw new Error(\`claimsmith answered \${response.status}\`);
  const { claims, denied } = await response.json();
  return denied === undefined ? claims : api.denyAccess(denied);
};
`

/** Logto's custom JWT, through `logtoScript`. The secret is the script's `CLAIMSMITH_SECRET`. */
export const logto: Hook<LogtoPayload> = {
  name: 'logto',
  schema: {
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
  },
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
