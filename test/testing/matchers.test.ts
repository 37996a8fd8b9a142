import { describe, expect, test } from 'vitest'
import '../../src/testing/setup/vitest.ts'
import { loadRule, toStableOutcome } from '../../src/testing/index.ts'

const run = (body: string, options = {}) =>
  loadRule(`async function (user, context, callback) { ${body} }`, options)(
    { user_id: 'auth0|1' },
    { idToken: {}, accessToken: {} },
  )
const allowed =
  await run(`context.idToken['https://e.x/roles'] = ['admin']; context.accessToken.plan = 'gold'; context.idToken.sub = 'me'
  console.warn('careful:', user.user_id); await auth0.users.updateAppMetadata(user.user_id, { plan: 'gold' })
  await auth0.users.updateUserMetadata(user.user_id, { seen: 1 }); callback(null, user, context)`)
const denied = await run(`callback(new UnauthorizedError('not on a Sunday'))`)
const failed = await run(`null.x`)
const redirected = await run(`context.redirect = { url: 'https://e.x/terms' }; callback(null, user, context)`)
const challenged = await run(`context.multifactor = { provider: 'guardian' }; callback(null, user, context)`)
const requested = await run(
  `await fetch('https://api.e.x/users/1', { method: 'POST' }); callback(null, user, context)`,
  {
    fetch: () => new Response('', { status: 201 }),
  },
)

type Check = (outcome: ReturnType<typeof expect<unknown>>) => void

describe('what is so passes, and its contrary fails and tells what was there instead', () => {
  test.each<[string, unknown, Check, RegExp]>([
    ['toAllow', allowed, (it) => it.toAllow(), /expected not the login to be allowed, but it was allowed/],
    ['toDenyWith', denied, (it) => it.toDenyWith(), /but it was denied by rule: 'not on a Sunday'/],
    ['toDenyWith a text', denied, (it) => it.toDenyWith('not on a Sunday'), /not on a Sunday/],
    ['toDenyWith a pattern', denied, (it) => it.toDenyWith(/sunday/i), /with \/sunday\/i/],
    ['toSetIdTokenClaim', allowed, (it) => it.toSetIdTokenClaim('https://e.x/roles'), /its value is \[ 'admin' \]/],
    ['toSetIdTokenClaim with a value', allowed, (it) => it.toSetIdTokenClaim('https://e.x/roles', ['admin']), /roles/],
    [
      '… or a matcher',
      allowed,
      (it) => it.toSetIdTokenClaim('https://e.x/roles', expect.arrayContaining(['admin'])),
      /x/,
    ],
    ['toSetAccessTokenClaim', allowed, (it) => it.toSetAccessTokenClaim('plan', 'gold'), /its value is 'gold'/],
    [
      'toRedirectTo',
      redirected,
      (it) => it.toRedirectTo('https://e.x/terms'),
      /the user was sent to https:\/\/e\.x\/terms/,
    ],
    ['toRedirectTo a pattern', redirected, (it) => it.toRedirectTo(/terms$/), /terms/],
    [
      'toChallengeWithMfa',
      challenged,
      (it) => it.toChallengeWithMfa(),
      /a second factor was asked for: \{ provider: 'guardian' \}/,
    ],
    ['toChallengeWithMfa by a provider', challenged, (it) => it.toChallengeWithMfa('guardian'), /by 'guardian'/],
    [
      'toUpdateAppMetadata',
      allowed,
      (it) => it.toUpdateAppMetadata({ plan: 'gold' }),
      /updated was app_metadata with \{ plan: 'gold' \}; user_metadata/,
    ],
    ['toUpdateUserMetadata', allowed, (it) => it.toUpdateUserMetadata(), /user_metadata to be updated/],
    ['toHaveLogged', allowed, (it) => it.toHaveLogged('auth0|1'), /logged was warn: careful: auth0\|1/],
    ['toHaveLogged on a level', allowed, (it) => it.toHaveLogged(/^careful/, 'warn'), /on the level warn/],
    [
      'toHaveRequested',
      requested,
      (it) => it.toHaveRequested('https://api.e.x/'),
      /requested was POST https:\/\/api\.e\.x\/users\/1 → 201/,
    ],
    [
      'toHaveRequested with more',
      requested,
      (it) => it.toHaveRequested({ method: 'POST', url: /users/, status: 201 }),
      /POST/,
    ],
    ['toTakeLessThan', allowed, (it) => it.toTakeLessThan(100), /they took \d+\.\d{3} ms: rule [\d.]+ ms/],
  ])('%s', (_, outcome, check, message) => {
    check(expect(outcome))
    // oxlint-disable-next-line vitest/valid-expect -- `check` calls a matcher of it
    expect(() => check(expect(outcome).not as never)).toThrow(message)
  })
})

describe('what is not so fails, and says how it is', () => {
  test.each<[string, unknown, Check, RegExp]>([
    [
      'a refusal',
      denied,
      (it) => it.toAllow(),
      /expected the login to be allowed, but it was denied by rule: 'not on a Sunday'/,
    ],
    [
      'a failure',
      failed,
      (it) => it.toDenyWith(),
      /to be denied, but rule failed with RULE_THREW: Cannot read properties of null/,
    ],
    [
      'another reason',
      denied,
      (it) => it.toDenyWith('no'),
      /denied with 'no', but it was denied by rule: 'not on a Sunday'/,
    ],
    [
      'an absent claim',
      allowed,
      (it) => it.toSetIdTokenClaim('plan'),
      /claims are \{ 'https:\/\/e\.x\/roles': \[ 'admin' \] \} \(it is in the access token\)/,
    ],
    [
      'another value',
      allowed,
      (it) => it.toSetAccessTokenClaim('plan', 'tin'),
      /with the value 'tin', but its value is 'gold'/,
    ],
    [
      'a reserved claim',
      allowed,
      (it) => it.toSetIdTokenClaim('sub', 'me'),
      /sub is reserved, and rules cannot set it/,
    ],
    ['a claim of a refused login', denied, (it) => it.toSetIdTokenClaim('x'), /its claims are \{\}, and it was denied/],
    [
      'another URL',
      redirected,
      (it) => it.toRedirectTo('https://e.x/'),
      /to be sent to 'https:\/\/e\.x\/', but the user was sent to https:\/\/e\.x\/terms/,
    ],
    ['no redirect', allowed, (it) => it.toRedirectTo(/x/), /but it was allowed/],
    ['another provider', challenged, (it) => it.toChallengeWithMfa('duo'), /by 'duo', but a second factor/],
    [
      'other metadata',
      allowed,
      (it) => it.toUpdateAppMetadata({}),
      /app_metadata to be updated with \{\}, but updated was app_metadata/,
    ],
    ['no line', denied, (it) => it.toHaveLogged('x'), /a line that holds 'x' to be logged, but logged was nothing/],
    [
      'another level',
      allowed,
      (it) => it.toHaveLogged('careful', 'error'),
      /on the level error to be logged, but logged was warn/,
    ],
    ['no request', allowed, (it) => it.toHaveRequested(/x/), /requested was nothing/],
    [
      'another method',
      requested,
      (it) => it.toHaveRequested({ method: 'GET' }),
      /a request like \{ method: 'GET' \}, but requested was POST/,
    ],
    ['too much CPU', allowed, (it) => it.toTakeLessThan(0), /to take less than 0 ms of CPU, but they took/],
    [
      'what is no outcome',
      { user: {} },
      (it) => it.toAllow(),
      /toAllow looks at the outcome that .* resolves to, and got \{ user: \{\} \}/,
    ],
    ['a promise that is not awaited', Promise.resolve(allowed), (it) => it.not.toAllow(), /and got Promise/],
  ])('%s', (_, outcome, check, message) => {
    expect(() => check(expect(outcome))).toThrow(message)
  })
})

test('a snapshot of an outcome holds nothing that changes from run to run', () => {
  expect(toStableOutcome(requested).rules).toEqual([
    {
      name: 'rule',
      status: 'ok',
      changes: [],
      logs: [],
      requests: [{ method: 'POST', url: 'https://api.e.x/users/1', status: 201 }],
    },
  ])
  expect(denied).toMatchInlineSnapshot(`
    {
      "claims": {
        "accessToken": {},
        "idToken": {},
      },
      "context": {
        "accessToken": {},
        "idToken": {},
      },
      "outcome": "deny",
      "reason": "not on a Sunday",
      "rules": [
        {
          "changes": [],
          "logs": [],
          "name": "rule",
          "requests": [],
          "status": "deny",
        },
      ],
      "user": {
        "user_id": "auth0|1",
      },
    }
  `)
})
