/** The login and the five rules that every engine of the bench runs. */
export const login = {
  user: {
    user_id: 'auth0|0123456789abcdef01234567',
    email: 'ada@example.com',
    email_verified: true,
    name: 'Ada Lovelace',
    nickname: 'ada',
    given_name: 'Ada',
    family_name: 'Lovelace',
    picture: 'https://example.com/ada.png',
    created_at: '2026-01-01T00:00:00.000Z',
    updated_at: '2026-11-01T00:00:00.000Z',
    identities: [
      {
        connection: 'Username-Password-Authentication',
        provider: 'auth0',
        user_id: '0123456789abcdef01234567',
        isSocial: false,
      },
    ],
    user_metadata: { language: 'en', theme: 'dark' },
    app_metadata: { plan: 'pro' },
  },
  context: {
    tenant: 'bench',
    clientID: 'bench-app',
    clientName: 'Bench',
    connection: 'Username-Password-Authentication',
    connectionStrategy: 'auth0',
    protocol: 'oauth2-password',
    sessionID: '5f2a',
    request: {
      userAgent: 'bench',
      ip: '127.0.0.1',
      hostname: 'localhost',
      query: {},
      body: { grant_type: 'password' },
    },
    stats: { loginsCount: 7 },
    authentication: { methods: [{ name: 'pwd', timestamp: 1_764_000_000_000 }] },
    authorization: { roles: [] },
    idToken: {},
    accessToken: { scope: ['openid', 'profile'] },
  },
}

export const configuration = { NAMESPACE: 'https://example.com/', DOMAINS: 'example.com,example.org' }

export const scripts: readonly string[] = [
  `function roles(user, context, callback) {
    user.app_metadata = user.app_metadata || {};
    user.app_metadata.roles = user.email.split('@')[1] === 'example.com' ? ['employee'] : [];
    callback(null, user, context);
  }`,
  `function picture(user, context, callback) {
    user.picture = (user.user_metadata && user.user_metadata.picture) || user.picture || 'https://example.com/default.png';
    callback(null, user, context);
  }`,
  `function claims(user, context, callback) {
    context.idToken[configuration.NAMESPACE + 'roles'] = user.app_metadata.roles;
    context.accessToken[configuration.NAMESPACE + 'plan'] = user.app_metadata.plan;
    callback(null, user, context);
  }`,
  `function allowList(user, context, callback) {
    var domains = configuration.DOMAINS.split(',');
    if (domains.indexOf(user.email.split('@')[1]) < 0) return callback(new UnauthorizedError('Access denied.'));
    callback(null, user, context);
  }`,
  `function firstLogin(user, context, callback) {
    context.idToken[configuration.NAMESPACE + 'first'] = context.stats.loginsCount === 1;
    callback(null, user, context);
  }`,
]

export type Login = typeof login
export type Callback = (error: unknown, user?: unknown, context?: unknown) => void
