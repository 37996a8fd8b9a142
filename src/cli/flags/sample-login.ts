import type { LoginContext } from '../../profile/context/context.ts'
import type { User } from '../../profile/user/user.ts'

/** The user that `claimsmith run` uses without `--user`. */
export function createSampleUser(): User {
  return {
    user_id: 'auth0|5f7c8ec7c33c6c004bbafe82',
    email: 'ada@example.com',
    email_verified: true,
    name: 'Ada Lovelace',
    nickname: 'ada',
    given_name: 'Ada',
    family_name: 'Lovelace',
    picture: 'https://example.com/pictures/ada.png',
    created_at: '2026-01-15T09:00:00.000Z',
    updated_at: '2026-11-01T09:00:00.000Z',
    identities: [
      {
        connection: 'Username-Password-Authentication',
        provider: 'auth0',
        user_id: '5f7c8ec7c33c6c004bbafe82',
        isSocial: false,
      },
    ],
    user_metadata: {},
    app_metadata: {},
  }
}

/** The context that `claimsmith run` uses without `--context`. */
export function createSampleContext(): LoginContext {
  return {
    tenant: 'claimsmith',
    clientID: 'demo-app',
    clientName: 'Demo application',
    clientMetadata: {},
    connection: 'Username-Password-Authentication',
    connectionStrategy: 'auth0',
    protocol: 'oidc-basic-profile',
    sessionID: 'sample-session',
    request: { ip: '203.0.113.7', userAgent: 'claimsmith run', hostname: 'localhost', query: {}, body: {} },
    stats: { loginsCount: 3 },
    sso: { with_auth0: false, with_dbconn: false, current_clients: ['demo-app'] },
    authentication: { methods: [{ name: 'pwd', timestamp: Date.now() }] },
    authorization: { roles: [] },
    idToken: {},
    accessToken: { scope: ['openid', 'profile', 'email'] },
  }
}
