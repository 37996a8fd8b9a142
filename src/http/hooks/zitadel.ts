import type { FromSchema } from 'json-schema-to-ts'
import type { LoginContext } from '../../profile/context/context.ts'
import type { Metadata } from '../../profile/user/user.ts'
import { isTimestampSigned } from './authentic.ts'
import type { Hook, HookResponse } from './hook.ts'
import { omitNullish } from './omit-nullish.ts'
import { mapClaimsToUser } from './map-claims-to-user.ts'
import { nullableArray, nullableObject, text } from './payload-schema.ts'

/** https://zitadel.com/docs/guides/integrate/actions/usage, PreUserinfo and PreAccessToken */
const schema = {
  type: 'object',
  required: ['function', 'user'],
  properties: {
    function: { enum: ['preuserinfo', 'preaccesstoken', 'function/preuserinfo', 'function/preaccesstoken'] },
    userinfo: { type: 'object' },
    user: {
      type: 'object',
      required: ['id'],
      properties: {
        id: text,
        human: nullableObject({ first_name: text, last_name: text, display_name: text, email: text, phone: text }),
      },
    },
    user_metadata: nullableArray({
      type: 'object',
      required: ['key', 'value'],
      properties: { key: text, value: text },
    }),
    org: nullableObject({ id: text, name: text, primary_domain: text }, 'id'),
    user_grants: nullableArray({ type: 'object', properties: { roles: nullableArray(text) } }),
    application: nullableObject({ client_id: text }),
  },
} as const

type Payload = FromSchema<typeof schema>

/** ZITADEL Actions v2, the functions `preuserinfo` and `preaccesstoken`. The secret is the target's signing key. */
export const zitadel: Hook<Payload> = {
  name: 'zitadel',
  schema,
  isAuthentic: ({ headers, body }, secret, nowMs) =>
    isTimestampSigned(headers.get('zitadel-signature'), body, secret, nowMs),
  toLogin({ user, userinfo, user_metadata: metadata, org, user_grants: grants, application }) {
    // A machine user has no `human`; rules run for people only.
    if (user.human === undefined || user.human === null) return undefined
    const claims = { ...toStandardClaims(user.human), ...userinfo }
    return {
      user: { ...mapClaimsToUser(user.id, claims), user_metadata: parseMetadata(metadata ?? []) },
      context: {
        protocol: 'oidc-basic-profile',
        ...omitNullish({ clientID: application?.client_id, organization: toOrganization(org) }),
        authorization: { roles: [...new Set((grants ?? []).flatMap(({ roles }) => roles ?? []))] },
        idToken: {},
        accessToken: {},
      },
    }
  },
  passThrough: () => toAppendClaims({}),
  allow: ({ function: name }, { claims: { idToken, accessToken } }) =>
    toAppendClaims(name.endsWith('preaccesstoken') ? accessToken : idToken),
  deny: (reason) => ({ status: 200, body: { forwardedStatusCode: 403, forwardedErrorMessage: reason } }),
}

function toAppendClaims(claims: Readonly<Record<string, unknown>>): HookResponse {
  return { status: 200, body: { append_claims: Object.entries(claims).map(([key, value]) => ({ key, value })) } }
}

function toStandardClaims(human: NonNullable<Payload['user']['human']>): Record<string, unknown> {
  return {
    given_name: human.first_name,
    family_name: human.last_name,
    name: human.display_name,
    email: human.email,
    email_verified: human.is_email_verified,
    phone_number: human.phone,
    phone_number_verified: human.is_phone_verified,
  }
}

/** ZITADEL stores bytes: valid JSON becomes its value, anything else text. */
function parseMetadata(entries: readonly { readonly key: string; readonly value: string }[]): Metadata {
  return Object.fromEntries(
    entries.map(({ key, value }) => {
      const decoded = Buffer.from(value, 'base64').toString()
      try {
        return [key, JSON.parse(decoded) as unknown]
      } catch {
        return [key, decoded]
      }
    }),
  )
}

function toOrganization(org: Payload['org']): LoginContext['organization'] {
  if (org === undefined || org === null) return undefined
  const metadata = org.primary_domain === undefined ? undefined : { primary_domain: org.primary_domain }
  return { id: org.id, ...omitNullish({ name: org.name, metadata }) }
}
