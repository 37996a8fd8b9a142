import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.ts'
import type { Engine } from '../../src/engine/ports/engine.ts'
import { type LoggedIn, type Row, rows } from './same-claims-rows.ts'

const ns = 'https://example.com/'
const folder = mkdtempSync(join(tmpdir(), 'claimsmith-same-'))
const rules = {
  '10-id-token.js': `function (user, context, callback) {
    context.idToken[configuration.NS + 'domain'] = user.email.split('@')[1];
    context.idToken[configuration.NS + 'roles'] = ['employee', 'editor'];
    callback(null, user, context);
  }`,
  '20-access-token.js': `function (user, context, callback) {
    context.accessToken[configuration.NS + 'tier'] = { name: 'gold', since: 2026 };
    context.accessToken.sub = 'somebody else';
    callback(null, user, context);
  }`,
  '30-deny.js': `function (user, context, callback) {
    if (/evil/.test(user.email)) return callback(new UnauthorizedError('Not from there.'));
    callback(null, user, context);
  }`,
  'configuration.json': JSON.stringify({ NS: ns }),
}
const idToken = { [`${ns}domain`]: 'example.com', [`${ns}roles`]: ['employee', 'editor'] }
const accessToken = { [`${ns}tier`]: { name: 'gold', since: 2026 } }

let engine: Engine
beforeAll(() => {
  for (const [name, text] of Object.entries(rules)) writeFileSync(join(folder, name), text)
  engine = createEngine({ rules: folder, limits: { workers: 1 } })
})
afterAll(async () => {
  await engine.close()
  rmSync(folder, { recursive: true })
})

/** The claims of rules among those of a token, which all have a namespace. */
function ofRules(claims: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(claims).filter(([name]) => name.startsWith(ns)))
}

describe.each(Object.entries(rows))('one folder of rules, in %s', (_, { open, tokens }: Row) => {
  let server: Awaited<ReturnType<Row['open']>>
  beforeAll(async () => {
    server = await open(engine, folder)
  }, 60_000)
  afterAll(() => server?.close?.())

  test('puts the same claims into the tokens of ada', async () => {
    const login = (await server.login('ada@example.com')) as Exclude<LoggedIn, { readonly refused: unknown }>
    const expected = {
      both: { idToken, accessToken },
      // Hosted servers that make one token put both there, or the access token's alone.
      merged: { accessToken: { ...idToken, ...accessToken } },
      'access token': { accessToken },
    }
    const found = Object.entries(login).map(([token, claims]) => [token, ofRules(claims)])
    expect(Object.fromEntries(found)).toEqual(expected[tokens])
  })

  test('refuses mallory with the rule’s words', async () => {
    expect(await server.login('mallory@evil.example')).toEqual({ refused: 'Not from there.' })
  })
})
