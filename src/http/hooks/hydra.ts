import { oauthError } from '../../login/result/result.ts'
import { toErrorBody } from '../respond.ts'
import type { Hook } from './hook.ts'
import { hasSecret } from './authentic.ts'
import { mapClaimsToUser } from './map-claims-to-user.ts'

type Claims = Readonly<Record<string, unknown>>

/** https://www.ory.com/docs/hydra/guides/claims-at-refresh */
export interface HydraPayload {
  readonly session: {
    /** The access token's own claims. */
    readonly extra?: Claims | null
    readonly id_token: {
      readonly subject?: string
      readonly id_token_claims?: { readonly sub?: string; readonly ext?: Claims | null } | null
    }
  }
  readonly request: {
    readonly client_id: string
    readonly granted_scopes?: readonly string[] | null
    readonly grant_types: readonly string[]
  }
}

const protocols: Readonly<Record<string, string>> = {
  authorization_code: 'oidc-basic-profile',
  refresh_token: 'oauth2-refresh-token',
  'urn:ietf:params:oauth:grant-type:jwt-bearer': 'oauth2-resource-owner-jwt-bearer',
  'urn:ietf:params:oauth:grant-type:device_code': 'oauth2-device-code',
}

const text = { type: 'string' } as const
const texts = { type: ['array', 'null'], items: text } as const
const claims = { type: ['object', 'null'] } as const

/** Ory Hydra's token hook. The secret is the `api_key` that Hydra is configured with, in the header `Authorization` or `X-Api-Key`. */
export const hydra: Hook<HydraPayload> = {
  name: 'hydra',
  schema: {
    type: 'object',
    required: ['session', 'request'],
    properties: {
      session: {
        type: 'object',
        required: ['id_token'],
        properties: {
          extra: claims,
          id_token: {
            type: 'object',
            properties: {
              subject: text,
              id_token_claims: { type: ['object', 'null'], properties: { sub: text, ext: claims } },
            },
          },
        },
      },
      request: {
        type: 'object',
        required: ['client_id', 'grant_types'],
        properties: { client_id: text, granted_scopes: texts, grant_types: { type: 'array', items: text } },
      },
    },
  },
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
  // What is answered replaces what was there, so what was there goes along.
  allow: ({ session }, { claims: { idToken, accessToken } }) => ({
    status: 200,
    body: {
      session: {
        id_token: { ...readIdTokenClaims(session), ...idToken },
        access_token: { ...session.extra, ...accessToken },
      },
    },
  }),
  // Hydra shows the client `access_denied`, and keeps the reason for its own log.
  deny: (reason) => ({ status: 403, body: toErrorBody(oauthError('access_denied', reason)) }),
}

function findSubject({ id_token: idToken }: HydraPayload['session']): string {
  return idToken.subject ?? idToken.id_token_claims?.sub ?? ''
}

function readIdTokenClaims({ id_token: idToken }: HydraPayload['session']): Claims {
  return idToken.id_token_claims?.ext ?? {}
}
