import type { FromSchema } from 'json-schema-to-ts'
import { oauthError } from '../../login/result/result.ts'
import { toErrorBody } from '../respond.ts'
import type { Hook } from './hook.ts'
import { hasSecret } from './authentic.ts'
import { mapClaimsToUser } from './map-claims-to-user.ts'
import { nullableArray, nullableObject, text } from './payload-schema.ts'

type Claims = Readonly<Record<string, unknown>>

const protocols: Readonly<Record<string, string>> = {
  authorization_code: 'oidc-basic-profile',
  refresh_token: 'oauth2-refresh-token',
  'urn:ietf:params:oauth:grant-type:jwt-bearer': 'oauth2-resource-owner-jwt-bearer',
  'urn:ietf:params:oauth:grant-type:device_code': 'oauth2-device-code',
}

/** https://www.ory.com/docs/hydra/guides/claims-at-refresh */
const schema = {
  type: 'object',
  required: ['session', 'request'],
  properties: {
    session: {
      type: 'object',
      required: ['id_token'],
      properties: {
        extra: nullableObject({}),
        id_token: {
          type: 'object',
          properties: {
            subject: text,
            id_token_claims: nullableObject({ sub: text, ext: nullableObject({}) }),
          },
        },
      },
    },
    request: {
      type: 'object',
      required: ['client_id', 'grant_types'],
      properties: { client_id: text, granted_scopes: nullableArray(text), grant_types: { type: 'array', items: text } },
    },
  },
} as const

type Payload = FromSchema<typeof schema>

/** Ory Hydra's token hook. The secret is the `api_key` that Hydra is configured with, in the header `Authorization` or `X-Api-Key`. */
export const hydra: Hook<Payload> = {
  name: 'hydra',
  schema,
  isAuthentic: hasSecret,
  toLogin({ session, request }) {
    const subject = findSubject(session)
    if (subject === '' || request.grant_types.includes('client_credentials')) return undefined
    return {
      user: mapClaimsToUser(subject, { ...readIdTokenClaims(session) }),
      context: {
        clientID: request.client_id,
        protocol: protocols[request.grant_types[0] ?? ''] ?? 'oidc-basic-profile',
        idToken: {},
        accessToken: { scope: [...(request.granted_scopes ?? [])] },
      },
    }
  },
  passThrough: () => ({ status: 204 }),
  // The response replaces the claims of both tokens, so it repeats those that were there.
  allow: ({ session }, { claims: { idToken, accessToken } }) => ({
    status: 200,
    body: {
      session: {
        id_token: { ...readIdTokenClaims(session), ...idToken },
        access_token: { ...session.extra, ...accessToken },
      },
    },
  }),
  // Hydra sends the client `access_denied`, and writes the reason to its own log.
  deny: (reason) => ({ status: 403, body: toErrorBody(oauthError('access_denied', reason)) }),
}

function findSubject({ id_token: idToken }: Payload['session']): string {
  return idToken.subject ?? idToken.id_token_claims?.sub ?? ''
}

function readIdTokenClaims({ id_token: idToken }: Payload['session']): Claims {
  return idToken.id_token_claims?.ext ?? {}
}
