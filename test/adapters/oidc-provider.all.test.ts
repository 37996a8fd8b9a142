import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as client from 'openid-client'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findReasonAgainstChromium, launchChromium } from '../browser/chromium.ts'
import { describeInBrowser } from '../browser/describe-in-browser.ts'
import { freePort } from '../cli/free-port.ts'

const documentation = readFileSync('docs/oidc-provider.md', 'utf8')
const example = /```js title=server\.js\n([\s\S]*?)```/.exec(documentation)?.[1] ?? ''
const folder = mkdtempSync(join(tmpdir(), 'claimsmith-oidc-'))

/** What the client asks of the example, and how the rules behave, told by the e-mail address and the state of things. */
const rules = {
  '10-roles.js': `function (user, context, callback) {
    global.runs = (global.runs || 0) + 1;
    context.idToken['https://example.com/roles'] = ['employee'];
    context.idToken['https://example.com/runs'] = global.runs;
    context.idToken['https://example.com/protocol'] = context.protocol;
    context.idToken.sub = 'somebody else';
    user.name = user.name + ', enriched';
    callback(null, user, context);
  }`,
  '20-deny.js': `function (user, context, callback) {
    if (/evil/.test(user.email)) return callback(new UnauthorizedError('Not from there.'));
    callback(null, user, context);
  }`,
  '30-ask.js': `function (user, context, callback) {
    var asked = context.request.query.login_hint;
    if (context.protocol === 'redirect-callback') context.idToken['https://example.com/color'] = context.request.query.color;
    else if (asked === 'color') context.redirect = { url: configuration.FORM };
    if (asked === 'factor') {
      context.multifactor = { provider: 'any' };
      context.idToken['https://example.com/methods'] = context.authentication.methods.map(function (m) { return m.name });
    }
    callback(null, user, context);
  }`,
}

let provider: ChildProcess
let outside: Server
let browser: Browser
let config: client.Configuration
let callback = ''

/** The client's redirect URI, and the page of another site that a rule sends people to. */
async function serveOutside(): Promise<string> {
  outside = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    response.setHeader('content-type', 'text/html')
    const back = `${config.serverMetadata().issuer}/continue?color=green&state=${encodeURIComponent(url.searchParams.get('state') ?? '')}`
    response.end(url.pathname === '/form' ? `<a href="${back.replaceAll('&', '&amp;')}">Green</a>` : 'signed in')
  })
  outside.listen(0, '127.0.0.1')
  await once(outside, 'listening')
  return `http://127.0.0.1:${(outside.address() as AddressInfo).port}`
}

beforeAll(async () => {
  if (findReasonAgainstChromium() !== undefined) return
  const origin = await serveOutside()
  callback = `${origin}/callback`
  mkdirSync(join(folder, 'rules'))
  mkdirSync(join(folder, 'node_modules'))
  for (const [name, script] of Object.entries(rules)) writeFileSync(join(folder, 'rules', name), script)
  writeFileSync(join(folder, 'rules', 'configuration.json'), JSON.stringify({ FORM: `${origin}/form` }))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  writeFileSync(join(folder, 'server.js'), example)
  for (const [name, target] of [
    ['claimsmith', process.cwd()],
    ['oidc-provider', 'node_modules/oidc-provider'],
  ] as const) {
    symlinkSync(
      join(process.cwd(), target === process.cwd() ? '.' : target),
      join(folder, 'node_modules', name),
      'junction',
    )
  }
  const port = await freePort()
  const env = { ...process.env, PORT: String(port), CALLBACK: callback }
  provider = spawn(process.execPath, ['server.js'], { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] })
  await once(provider.stdout as NodeJS.ReadableStream, 'data')
  config = await client.discovery(new URL(`http://127.0.0.1:${port}`), 'shop', 'shop-secret', undefined, {
    execute: [client.allowInsecureRequests],
  })
  browser = await launchChromium()
}, 120_000)

afterAll(async () => {
  await browser?.close()
  provider?.kill()
  outside?.close()
  rmSync(folder, { recursive: true })
})

interface Flow {
  readonly page: Page
  /** What came to the redirect URI. */
  finish(): Promise<client.TokenEndpointResponse & client.TokenEndpointResponseHelpers>
}

/** A user opens the client in a browser of their own, and logs in. */
async function begin(user: string, parameters: Record<string, string> = {}): Promise<Flow> {
  const verifier = client.randomPKCECodeVerifier()
  const expectedState = client.randomState()
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: callback,
    scope: 'openid profile email offline_access',
    prompt: 'consent',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state: expectedState,
    ...parameters,
  })
  const page = await (await browser.newContext()).newPage()
  await page.goto(url.href)
  await page.getByLabel('User').fill(user)
  await page.getByRole('button', { name: 'Go on' }).click()
  await page.getByText('The shop asks for your profile.').waitFor()
  await page.getByRole('button', { name: 'Go on' }).click()
  return {
    page,
    async finish() {
      await page.waitForURL(`${callback}**`)
      return client.authorizationCodeGrant(config, new URL(page.url()), { pkceCodeVerifier: verifier, expectedState })
    },
  }
}

describeInBrowser('the server of docs/oidc-provider.md, in a browser, with openid-client', () => {
  test('login and consent: the ID token has the declared claims, /me the enriched profile and all of them', async () => {
    const tokens = await (await begin('ada')).finish()
    expect(tokens.claims()).toMatchObject({ sub: 'ada', 'https://example.com/roles': ['employee'] })
    const profile = await client.fetchUserInfo(config, tokens.access_token, 'ada')
    expect(profile).toMatchObject({
      sub: 'ada',
      name: 'Ada, enriched',
      picture: 'own.png',
      'https://example.com/protocol': 'oidc-basic-profile',
    })
    expect(await client.fetchUserInfo(config, tokens.access_token, 'ada')).toEqual(profile)
  })

  test('a refresh runs the rules once more, and /me shows what they say then', async () => {
    const tokens = await (await begin('ada')).finish()
    const before = await client.fetchUserInfo(config, tokens.access_token, 'ada')
    const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '')
    const after = await client.fetchUserInfo(config, refreshed.access_token, 'ada')
    expect(after['https://example.com/protocol']).toBe('oauth2-refresh-token')
    expect(after['https://example.com/runs']).toBe(Number(before['https://example.com/runs']) + 1)
  })

  test('a denied login ends at the client with the rule’s message, and no token is made', async () => {
    const flow = await begin('mallory')
    await expect(flow.finish()).rejects.toMatchObject({
      error: 'access_denied',
      error_description: 'Not from there.',
    })
  })

  test('a rule sends the user to a form, and sees the answer when they come back', async () => {
    const flow = await begin('ada', { login_hint: 'color' })
    await flow.page.getByRole('link', { name: 'Green' }).click()
    const tokens = await flow.finish()
    const profile = await client.fetchUserInfo(config, tokens.access_token, 'ada')
    expect(profile).toMatchObject({
      'https://example.com/color': 'green',
      'https://example.com/protocol': 'redirect-callback',
    })
  })

  test('the state of a form works in the browser that was sent there, and once', async () => {
    const flow = await begin('ada', { login_hint: 'color' })
    const back = (await flow.page.getByRole('link', { name: 'Green' }).getAttribute('href')) ?? ''
    const stranger = await (await browser.newContext()).newPage()
    expect((await stranger.goto(back))?.status()).toBe(400)
    await flow.page.goto(back)
    await flow.finish()
    expect((await flow.page.goto(back))?.status()).toBe(400)
    expect((await fetch(`${config.serverMetadata().issuer}/continue?state=//evil.example`)).status).toBe(400)
  })

  test('a rule asks for a second factor, and sees that it was given', async () => {
    const flow = await begin('ada', { login_hint: 'factor' })
    await flow.page.getByText('One more proof, please.').waitFor()
    await flow.page.getByRole('button', { name: 'Go on' }).click()
    const tokens = await flow.finish()
    const profile = await client.fetchUserInfo(config, tokens.access_token, 'ada')
    expect(profile['https://example.com/methods']).toEqual(['mfa'])
  })
})
