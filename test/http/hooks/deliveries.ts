import { createHmac } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import type { HookVendor } from '../../../src/http/hooks/hook-vendors.ts'

export const nowMs = Date.now()
export const secrets: Readonly<Record<HookVendor, string>> = {
  hydra: 'hydra-secret',
  zitadel: 'zitadel-signing-key',
  okta: 'okta-secret',
  supabase: `v1,whsec_${Buffer.from('a supabase secret of 32 bytes...').toString('base64')}`,
  logto: 'logto-secret',
}

/** What each auth server sends when ada logs in to the client `shop`, in the form that its documentation gives. */
export const payloads = {
  hydra: {
    session: {
      id_token: {
        id_token_claims: {
          jti: 'e1f3',
          iss: 'https://hydra.example/',
          sub: 'ada',
          aud: ['shop'],
          nonce: 'n-0S6',
          exp: '2026-11-24T11:00:00Z',
          iat: '2026-11-24T10:00:00Z',
          acr: '',
          amr: [],
          ext: { email: 'ada@example.com', name: 'Ada', kept: 'id' },
        },
        headers: { extra: { kid: 'public:1' } },
        username: '',
        subject: 'ada',
      },
      extra: { kept: 'access' },
      client_id: 'shop',
      consent_challenge: 'c4',
    },
    request: {
      client_id: 'shop',
      requested_scopes: ['openid', 'offline'],
      granted_scopes: ['openid', 'offline'],
      granted_audience: [],
      grant_types: ['authorization_code'],
      payload: {},
    },
  },
  zitadel: {
    function: 'function/preuserinfo',
    userinfo: { sub: 'ada', email: 'ada@example.com', email_verified: true, name: 'Ada', picture: '' },
    user: {
      id: 'ada',
      creation_date: '2026-11-01T00:00:00Z',
      human: { first_name: 'Ada', last_name: 'Lovelace', email: 'ada@example.com', is_email_verified: true },
    },
    user_metadata: [{ key: 'plan', value: Buffer.from('pro').toString('base64') }],
    org: { id: '1', name: 'Example', primary_domain: 'example.com' },
    user_grants: [{ id: '2', projectId: '3', roles: ['editor'] }],
    application: { client_id: 'shop' },
  },
  okta: {
    source: 'https://okta.example/oauth2/default/v1/token',
    eventId: 'event-1',
    eventTime: '2026-11-24T10:00:00.000Z',
    eventTypeVersion: '1.0',
    cloudEventVersion: '0.1',
    contentType: 'application/json',
    eventType: 'com.okta.oauth2.tokens.transform',
    data: {
      context: {
        request: {
          id: 'r1',
          method: 'GET',
          url: { value: 'https://okta.example/authorize?scope=openid&hint=a' },
          ipAddress: '203.0.113.9',
        },
        protocol: {
          type: 'OAUTH2.0',
          request: { scope: 'openid email', grant_type: 'authorization_code', client_id: 'shop' },
          issuer: { uri: 'https://okta.example/oauth2/default' },
          client: { id: 'shop', name: 'Shop', type: 'PUBLIC' },
        },
        session: { id: 's1', userId: 'ada', login: 'ada@example.com', amr: ['PASSWORD'] },
        user: {
          id: 'ada',
          profile: { login: 'ada@example.com', firstName: 'Ada', lastName: 'Lovelace', locale: 'en' },
        },
        policy: { id: 'p1', rule: { id: 'r2' } },
      },
      identity: {
        claims: {
          sub: 'ada',
          name: 'Ada',
          email: 'ada@example.com',
          ver: 1,
          aud: 'shop',
          'https://example.com/roles': ['old'],
        },
        token: { lifetime: { expiration: 3600 } },
      },
      access: {
        claims: { ver: 1, cid: 'shop', uid: 'ada', sub: 'ada@example.com' },
        token: { lifetime: { expiration: 3600 } },
        scopes: { openid: { id: 'scp1', action: 'GRANT' } },
      },
    },
  },
  supabase: {
    metadata: { uuid: '0a1b', time: '2026-11-24T10:00:00Z', name: 'customize-access-token', ip_address: '203.0.113.9' },
    user_id: 'ada',
    claims: {
      iss: 'https://project.supabase.example/auth/v1',
      aud: 'authenticated',
      exp: 1_795_518_000,
      iat: 1_795_514_400,
      sub: 'ada',
      role: 'authenticated',
      aal: 'aal1',
      session_id: 's1',
      email: 'ada@example.com',
      phone: '',
      is_anonymous: false,
      app_metadata: { provider: 'email' },
      user_metadata: { theme: 'dark' },
      amr: [{ method: 'password', timestamp: 1_795_514_400 }],
    },
    authentication_method: 'password',
  },
  logto: {
    token: {
      jti: 'j1',
      aud: 'https://api.example',
      scope: 'read',
      clientId: 'shop',
      accountId: 'ada',
      kind: 'AccessToken',
    },
    context: {
      user: {
        id: 'ada',
        primaryEmail: 'ada@example.com',
        primaryPhone: null,
        name: 'Ada',
        avatar: null,
        customData: {},
        roles: [{ id: 'r', name: 'editor' }],
      },
      grant: { type: 'authorization_code' },
    },
  },
} as const satisfies Record<HookVendor, object>

/** A request of the auth server's, signed as it does; `at` is when it was. */
export function deliver(vendor: HookVendor, payload: object | string, { at = nowMs, id = 'msg_1' } = {}): Request {
  const body = typeof payload === 'string' ? payload : JSON.stringify(payload)
  return new Request(`https://rules.example/hooks/${vendor}`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...proof(vendor, body, { at, id }) },
  })
}

function proof(vendor: HookVendor, body: string, { at, id }: { at: number; id: string }): Record<string, string> {
  const secret = secrets[vendor]
  const seconds = Math.floor(at / 1_000)
  switch (vendor) {
    case 'hydra':
      return { 'x-api-key': secret }
    case 'okta':
      return { authorization: secret }
    case 'logto':
      return { authorization: `Bearer ${secret}` }
    case 'zitadel': {
      const signature = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')
      return { 'zitadel-signature': `t=${seconds},v1=${'0'.repeat(64)},v1=${signature}` }
    }
    case 'supabase': {
      const signature = new Webhook(secret.slice('v1,'.length)).sign(id, new Date(at), body)
      return { 'webhook-id': id, 'webhook-timestamp': String(seconds), 'webhook-signature': signature }
    }
    default:
      return vendor satisfies never
  }
}
