import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { SignJWT, calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { checkRules } from '../../src/migration/check/check-rules.ts'
import { useEngine } from '../engine/use-engine.ts'
import { ownActions } from './marketplace/own-actions.ts'
import { modulesFolder } from './modules-folder.ts'
import { StubHosts } from './stub-hosts.ts'

const corpus = process.env['CLAIMSMITH_CORPUS']
/** Packages of this Action that are no dependencies of ours. */
const further = ['@panva/hkdf', 'debug']
const isInstalled = (name: string): boolean =>
  [corpus ?? '', '.'].some((folder) => existsSync(join(folder, 'node_modules', name)))

const issuer = 'https://tenant.example/'
const secrets = {
  AUTH0_DOMAIN: 'tenant.example',
  AUTH0_CLIENT_ID: 'linking-client',
  AUTH0_CLIENT_SECRET: 'linking-client-secret',
  ACTION_SECRET: 'a secret of the action alone',
}
const user = { user_id: 'auth0|1', email: 'ada@example.com', email_verified: true }

describe.skipIf(corpus === undefined)(
  'the Action that links accounts, the largest of auth0/opensource-marketplace',
  () => {
    const file = join(corpus ?? '', 'opensource-marketplace/templates', ownActions.linking, 'code.js')
    const modules = modulesFolder(
      {
        auth0: 'auth0-v4',
        jose: 'jose',
        'openid-client': 'openid-client',
        ...Object.fromEntries(further.map((name) => [name, name])),
      },
      corpus,
    )
    const hosts = new StubHosts()
    const { engine } = useEngine({
      modulesFolder: modules,
      network: { fetch: hosts.fetch },
      limits: { cpuPerRuleMs: 4_000, cpuPerLoginMs: 8_000 },
    })
    afterAll(() => rmSync(modules, { recursive: true, force: true }))

    test('claimsmith check names the packages that are not installed', () => {
      const { rules } = checkRules(file, { modules, secrets })
      const errors = rules.flatMap(({ findings }) => findings.filter(({ level }) => level === 'error'))
      expect(errors.map(({ kind, message }) => [kind, message])).toEqual(
        further
          .filter((name) => !isInstalled(name))
          .map((name) => ['module-missing', `the module ${name} is not there`]),
      )
    })

    describe.skipIf(!further.every(isInstalled))(`where ${further.join(' and ')} are installed`, async () => {
      const { privateKey, publicKey } = await generateKeyPair('RS256')
      const jwk = await exportJWK(publicKey)
      const kid = await calculateJwkThumbprint(jwk)
      const signed = (claims: object, audience: string, subject: string): Promise<string> =>
        new SignJWT({ ...claims })
          .setProtectedHeader({ alg: 'RS256', kid })
          .setIssuer(issuer)
          .setAudience(audience)
          .setSubject(subject)
          .setIssuedAt()
          .setExpirationTime('5m')
          .sign(privateKey)

      const context = async (query: object = {}) => ({
        clientID: 'app-1',
        protocol: 'oidc-basic-profile',
        sessionID: 'session-1',
        authentication: { methods: [{ name: 'mfa', timestamp: Date.now() }] },
        request: {
          ip: '198.51.100.7',
          hostname: 'tenant.example',
          body: {},
          query: {
            scope: 'openid link_account',
            id_token_hint: await signed({}, 'app-1', user.user_id),
            requested_connection: 'google-oauth2',
            ...query,
          },
        },
      })

      beforeEach(async () => {
        hosts.requests.length = 0
        hosts.answers = {
          [`GET ${issuer}.well-known/openid-configuration`]: {
            issuer,
            authorization_endpoint: `${issuer}authorize`,
            token_endpoint: `${issuer}oauth/token`,
            jwks_uri: `${issuer}.well-known/jwks.json`,
            id_token_signing_alg_values_supported: ['RS256'],
          },
          [`GET ${issuer}.well-known/jwks.json`]: { keys: [{ ...jwk, kid, alg: 'RS256', use: 'sig' }] },
          [`POST ${issuer}oauth/token`]: {
            access_token: 'an access token',
            token_type: 'Bearer',
            expires_in: 86_400,
            id_token: await signed(
              { auth_time: Math.floor(Date.now() / 1000) },
              secrets.AUTH0_CLIENT_ID,
              'google-oauth2|7',
            ),
          },
          [`POST ${issuer}api/v2/users/auth0%7C1/identities`]: [201, []],
        }
        // It looks for one of its secrets in event.configuration, where nobody puts it.
        const handed = ['onExecutePostLogin', 'onContinuePostLogin'].map(
          (name) => `((handler) => {
          exports.${name} = (event, api) => handler({ ...event, configuration: { ACTION_SECRET: event.secrets.ACTION_SECRET } }, api);
        })(exports.${name});`,
        )
        const script = [readFileSync(file, 'utf8'), ...handed].join('\n')
        await engine.replace([{ name: ownActions.linking, script, secrets }])
      })

      test('sends the user to the other provider, and links when they come back', async () => {
        const away = await engine.run({ user, context: await context() })
        expect(away).toMatchObject({ outcome: 'redirect' })
        const url = new URL(away.redirect?.url ?? '')
        expect(Object.fromEntries(url.searchParams)).toMatchObject({
          client_id: secrets.AUTH0_CLIENT_ID,
          connection: 'google-oauth2',
          code_challenge_method: 'S256',
          redirect_uri: `${issuer}continue`,
        })
        hosts.requests.length = 0

        const request = { ip: '198.51.100.7', hostname: 'tenant.example', query: { code: 'c-1' }, body: {} }
        const back = await engine.resume(away.state ?? '', request, { user, sessionID: 'session-1' })
        expect(back).toMatchObject({ outcome: 'allow' })
        const posts = hosts.requests.filter((one) => one.request.startsWith('POST'))
        expect(posts.map((one) => one.request)).toEqual([
          `POST ${issuer}oauth/token`,
          `POST ${issuer}oauth/token`,
          `POST ${issuer}api/v2/users/auth0%7C1/identities`,
        ])
        const [exchange = '', grant, link] = await Promise.all(posts.map(({ text }) => text))
        expect(await challengeOf(exchange)).toBe(url.searchParams.get('code_challenge'))
        expect(grant).toContain('grant_type=client_credentials')
        expect(link).toContain('{"provider":"google-oauth2","user_id":"7"}')
      })

      test.each([
        ['without a hint of who asks', { id_token_hint: undefined }, /^ID_TOKEN_HINT Invalid/],
        ['with a hint that nobody signed', { id_token_hint: 'a.b.c' }, /^ID_TOKEN_HINT Invalid/],
      ])('refuses a login %s', async (_, query, reason) => {
        const outcome = await engine.run({ user, context: await context(query) })
        expect(outcome).toMatchObject({ outcome: 'deny', reason: expect.stringMatching(reason) })
      })

      test('leaves alone a login that asks for no link', async () => {
        const outcome = await engine.run({ user, context: await context({ scope: 'openid' }) })
        expect(outcome.outcome).toBe('allow')
        expect(hosts.requests).toEqual([])
      })
    })
  },
)

/** The challenge of the verifier in a form (RFC 7636). */
async function challengeOf(form: string): Promise<string> {
  const [, verifier = ''] = /code_verifier=([\w.~-]+)/.exec(form) ?? []
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))
  return Buffer.from(digest).toString('base64url')
}
