import type { FromSchema } from 'json-schema-to-ts'
import { isStandardWebhook } from './authentic.ts'
import type { Hook } from './hook.ts'
import { omitNullish } from './omit-nullish.ts'
import { mapClaimsToUser } from './map-claims-to-user.ts'
import { text } from './payload-schema.ts'

type Claims = Readonly<Record<string, unknown>>

const protocols: Readonly<Record<string, string>> = {
  password: 'oauth2-password',
  token_refresh: 'oauth2-refresh-token',
  'sso/saml': 'samlp',
}

/** https://supabase.com/docs/guides/auth/auth-hooks/custom-access-token-hook */
const schema = {
  type: 'object',
  required: ['user_id', 'claims'],
  properties: {
    user_id: text,
    claims: { type: 'object', required: ['sub'], properties: { sub: text, session_id: text, client_id: text } },
    authentication_method: text,
    metadata: { type: 'object', properties: { ip_address: text } },
  },
} as const

type Payload = FromSchema<typeof schema>

/** Supabase's custom access token hook over HTTP. The secret is `v1,whsec_…`; `|` separates several. */
export const supabase: Hook<Payload> = {
  name: 'supabase',
  schema,
  secretFormat: { pattern: /^(?:(?:^|\|)(?:v1,)?whsec_[A-Za-z0-9+/]+=*)+$/, example: 'v1,whsec_…' },
  isAuthentic: isStandardWebhook,
  readDeliveryId: (_, headers) => headers.get('webhook-id') ?? undefined,
  toLogin: ({ user_id: userId, claims, authentication_method: method = '', metadata }) => ({
    user: {
      ...mapClaimsToUser(userId, claims),
      user_metadata: toObject(claims['user_metadata']),
      app_metadata: toObject(claims['app_metadata']),
    },
    context: {
      protocol: protocols[method] ?? 'oidc-basic-profile',
      ...omitNullish({ sessionID: claims.session_id, clientID: claims.client_id }),
      request: omitNullish({ ip: metadata?.ip_address }),
      idToken: {},
      accessToken: {},
    },
  }),
  passThrough: ({ claims }) => ({ status: 200, body: { claims } }),
  // Supabase has one token for both kinds of claims, and removes every claim that the response leaves out.
  allow: ({ claims }, { claims: { idToken, accessToken } }) => ({
    status: 200,
    body: { claims: { ...claims, ...omitRequiredClaims(idToken), ...omitRequiredClaims(accessToken) } },
  }),
  deny: (reason) => ({ status: 200, body: { error: { http_code: 403, message: reason } } }),
}

/** Supabase itself relies on these claims, so rules cannot change them. */
const requiredClaims = ['role', 'aal', 'session_id', 'email', 'phone', 'is_anonymous']

function omitRequiredClaims(claims: Claims): Claims {
  return Object.fromEntries(Object.entries(claims).filter(([name]) => !requiredClaims.includes(name)))
}

function toObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}
