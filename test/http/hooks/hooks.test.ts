import { afterAll, describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'
import { type HookVendor, hookVendors } from '../../../src/http/hooks/hook-vendors.ts'
import { createHook, createHooks } from '../../../src/http/hooks/hooks.ts'
import { deliver, nowMs, payloads, secrets } from './deliveries.ts'

let updates = 0
const engine = createEngine({
  rules: [
    {
      name: 'roles',
      script: `function (user, context, callback) {
        context.idToken['https://example.com/roles'] = [context.clientID, user.email.split('@')[1]];
        context.accessToken['https://example.com/roles'] = ['for', user.user_id];
        context.idToken.sub = 'somebody else';
        auth0.users.updateAppMetadata(user.user_id, { seen: true }).then(() => callback(null, user, context));
      }`,
    },
    {
      name: 'verdict',
      script: `function (user, context, callback) {
        switch (user.name) {
          case 'denied': return callback(new UnauthorizedError('Not today.'));
          case 'broken': throw new Error('the text of a rule, ' + user.email);
          case 'sent away': context.redirect = { url: 'https://elsewhere.example' };
          case 'challenged': context.multifactor = { provider: 'any' };
        }
        callback(null, user, context);
      }`,
    },
  ],
  limits: { workers: 1 },
  users: { updateAppMetadata: async () => void (updates += 1) },
})
afterAll(() => engine.close())

const handler = createHooks({ engine, secrets, clock: () => nowMs })
const idClaims = { 'https://example.com/roles': ['shop', 'example.com'] }
const accessClaims = { 'https://example.com/roles': ['for', 'ada'] }

async function answer(request: Request): Promise<{ status: number; body: unknown }> {
  const response = await handler(request)
  const text = await response.text()
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
}

/** The payload with another name for the user, wherever the auth server has it. */
function named(vendor: HookVendor, name: string): object {
  return JSON.parse(JSON.stringify(payloads[vendor]).replaceAll('"name":"Ada"', `"name":"${name}"`)) as object
}
const withName = (vendor: HookVendor, name: string): object =>
  vendor === 'supabase' ? { ...payloads.supabase, claims: { ...payloads.supabase.claims, name } } : named(vendor, name)

const allowed: Readonly<Record<HookVendor, unknown>> = {
  hydra: {
    session: {
      id_token: { ...payloads.hydra.session.id_token.id_token_claims.ext, ...idClaims },
      access_token: { kept: 'access', ...accessClaims },
    },
  },
  zitadel: { append_claims: [{ key: 'https://example.com/roles', value: ['shop', 'example.com'] }] },
  okta: {
    commands: [
      {
        type: 'com.okta.identity.patch',
        value: [{ op: 'replace', path: '/claims/https:~1~1example.com~1roles', value: ['shop', 'example.com'] }],
      },
      {
        type: 'com.okta.access.patch',
        value: [{ op: 'add', path: '/claims/https:~1~1example.com~1roles', value: ['for', 'ada'] }],
      },
    ],
  },
  supabase: { claims: { ...payloads.supabase.claims, ...accessClaims } },
  logto: { claims: accessClaims },
}

const refused: Readonly<Record<HookVendor, (reason: string) => { status: number; body: unknown }>> = {
  hydra: (reason) => ({ status: 403, body: { error: 'access_denied', error_description: reason } }),
  zitadel: (reason) => ({ status: 200, body: { forwardedStatusCode: 403, forwardedErrorMessage: reason } }),
  okta: (reason) => ({ status: 200, body: { error: { errorSummary: reason } } }),
  supabase: (reason) => ({ status: 200, body: { error: { http_code: 403, message: reason } } }),
  logto: (reason) => ({ status: 200, body: { denied: reason } }),
}

describe.each(hookVendors)('the hook of %s', (vendor) => {
  test('answers with the claims that the rules set, and keeps what was there', async () => {
    // Supabase names no client.
    const claims = JSON.parse(JSON.stringify(allowed[vendor])) as unknown
    expect(await answer(deliver(vendor, payloads[vendor], { id: 'allowed' }))).toEqual({ status: 200, body: claims })
  })

  test.each([
    ['denied', 'Not today.'],
    ['broken', 'The rule verdict failed: RULE_THREW.'],
    ['sent away', 'A rule asks for a redirect, which this login cannot follow.'],
    ['challenged', 'A rule asks for a second factor, which this login cannot ask for.'],
  ])('refuses a login that is %s, in its own form', async (name, reason) => {
    expect(await answer(deliver(vendor, withName(vendor, name), { id: name }))).toEqual(refused[vendor](reason))
  })

  test('runs nothing for a caller who does not know the secret', async () => {
    const before = updates
    const genuine = deliver(vendor, payloads[vendor])
    const forged = new Request(genuine.url, { method: 'POST', body: JSON.stringify(payloads[vendor]) })
    const wrong = createHook(vendor, {
      engine,
      secret: vendor === 'supabase' ? 'whsec_AAAA' : 'another',
      clock: () => nowMs,
    })
    expect((await handler(forged)).status).toBe(401)
    expect((await wrong(genuine)).status).toBe(401)
    expect(updates).toBe(before)
  })

  test.each([
    ['no JSON', '{"half'],
    ['no object', '"text"'],
    ['another shape', '{"user":"ada"}'],
    ['a key that reaches prototypes', '{"__proto__":{"polluted":true}}'],
    ['more than 1 MB', JSON.stringify({ filler: 'x'.repeat(1_000_001) })],
  ])('runs nothing for a body that is %s', async (_, body) => {
    const before = updates
    expect((await answer(deliver(vendor, body))).status).toBe(400)
    expect(updates).toBe(before)
  })

  test('takes POST only', async () => {
    const response = await handler(new Request(`https://rules.example/hooks/${vendor}`))
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST'])
  })
})

describe.each(['zitadel', 'supabase'] as const)('a signature of %s', (vendor) => {
  test('is of its body only', async () => {
    const { headers } = deliver(vendor, payloads[vendor])
    const body = JSON.stringify(withName(vendor, 'tampered with'))
    const tampered = new Request(`https://rules.example/hooks/${vendor}`, { method: 'POST', body, headers })
    expect((await handler(tampered)).status).toBe(401)
  })

  test.each([
    ['old', -301_000],
    ['from the future', 301_000],
  ])('that is %s counts no more', async (_, offMs) => {
    expect((await handler(deliver(vendor, payloads[vendor], { at: nowMs + offMs }))).status).toBe(401)
  })
})

describe.each(['okta', 'supabase'] as const)('a delivery of %s that comes again', (vendor) => {
  test('is answered the same, and its rules run once, also while the first is under way', async () => {
    const before = updates
    const payload = vendor === 'okta' ? { ...payloads.okta, eventId: 'again' } : payloads.supabase
    const both = await Promise.all([1, 2].map(() => answer(deliver(vendor, payload, { id: 'again' }))))
    expect(await answer(deliver(vendor, payload, { id: 'again' }))).toEqual(both[0])
    expect(both[1]).toEqual(both[0])
    expect(updates).toBe(before + 1)
  })
})

describe('rules do not run for a client by itself', () => {
  test.each([
    [
      'hydra',
      { session: { id_token: { subject: '' } }, request: { client_id: 'shop', grant_types: ['client_credentials'] } },
      204,
      undefined,
    ],
    ['zitadel', { function: 'preaccesstoken', user: { id: 'robot' } }, 200, { append_claims: [] }],
    ['okta', { ...payloads.okta, eventId: 'robot', data: { context: { protocol: {} } } }, 204, undefined],
    ['logto', { token: { kind: 'ClientCredentials', clientId: 'shop' } }, 200, { claims: {} }],
  ] as const)('%s', async (vendor, payload, status, body) => {
    const before = updates
    expect(await answer(deliver(vendor, payload))).toEqual({ status, body })
    expect(updates).toBe(before)
  })
})

test('what rules see of each login is the same user', async () => {
  const seen = createEngine({
    rules: [
      {
        name: 'see',
        script: `(user, context, callback) => {
      context.accessToken.seen = [user.user_id, user.email, user.name || 'Ada', context.clientID || 'shop'];
      context.idToken.seen = context.accessToken.seen; callback(null, user, context) }`,
      },
    ],
    limits: { workers: 1 },
  })
  try {
    const hooks = createHooks({ engine: seen, secrets, clock: () => nowMs })
    for (const vendor of hookVendors) {
      const response = await hooks(deliver(vendor, payloads[vendor], { id: 'seen' }))
      expect(await response.text(), vendor).toContain('["ada","ada@example.com","Ada","shop"]')
    }
  } finally {
    await seen.close()
  }
})

test('hooks are found below a prefix, where a web framework has them', async () => {
  const { headers, url } = deliver('hydra', payloads.hydra)
  const body = JSON.stringify(payloads.hydra)
  const below = new Request(url.replace('/hooks/', '/auth/hooks/'), { method: 'POST', headers, body })
  expect((await handler(below)).status).toBe(200)
  const elsewhere = new Request(`${url}/more`, { method: 'POST', headers, body })
  expect((await handler(elsewhere)).status).toBe(404)
})

test('a hook that no secret was given for is not there', async () => {
  const none = createHooks({ engine, secrets: {} })
  expect((await none(deliver('okta', payloads.okta))).status).toBe(404)
})

test.each([
  [{ ocktah: 'x' }, /There is no hook for ocktah; there are hydra, zitadel/],
  [{ okta: '' }, /The secret of the hook for okta is not valid; expected: a long random text/],
  [{ okta: undefined }, /The secret of the hook for okta is not/],
  [{ okta: null }, /The secret of the hook for okta is not/],
  [{ okta: 12 }, /The secret of the hook for okta is not/],
  [{ okta: ['a', 'b'] }, /The secret of the hook for okta is not/],
  [{ supabase: 'whsec' }, /The secret of the hook for supabase is not valid; expected: v1,whsec_…/],
])('refuses %j', (wrong, message) => {
  expect(() => createHooks({ engine, secrets: wrong as never })).toThrow(message)
})
