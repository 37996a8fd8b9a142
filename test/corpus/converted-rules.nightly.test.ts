import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import type { RuleInput } from '../../src/profile/rule/rule.ts'
import { convertRule } from '../../src/migration/convert/convert-rule.ts'
import { useEngine } from '../engine/use-engine.ts'
import { callingRows } from './calling-rows.ts'
import { plainRows } from './plain-rows.ts'
import { redirectingRows } from './redirecting-rows.ts'
import { type Row, context, user } from './row.ts'
import { rulePackages } from './rule-packages.ts'
import { savingInto } from './saved-metadata.ts'
import { StubHosts } from './stub-hosts.ts'
import { tellingRows } from './telling-rows.ts'

const corpus = process.env['CLAIMSMITH_CORPUS']
const rows: readonly (readonly [rule: string, row: Row])[] = Object.entries({
  ...plainRows,
  ...callingRows,
  ...tellingRows,
  ...redirectingRows,
}).filter(([name]) => !name.startsWith('redirect-rules/'))

/** What no action can do as the rule did, and what is said of it. */
const differing: Readonly<Record<string, RegExp>> = {
  'arengu-policy-acceptance': /^actions have no auth0$/,
  'arengu-progressive-profiling': /^actions have no auth0$/,
  'caisson-id-check': /^context is made of the event here: .* nothing can be written to it$/,
  'check-domains-against-connection-aliases': /^actions have no context\.connectionOptions$/,
  'eva-voice-biometric': /^user\.jti becomes a claim of the ID token/,
  'migrate-root-attributes': /^actions have no auth0\.accessToken/,
  'netlify-role-management': /^actions have no auth0\.accessToken/,
  'verify-user-email-with-password-reset': /^actions have no auth0\.accessToken/,
  'yoonik-face': /^actions have no auth0$/,
}

describe.skipIf(corpus === undefined)('the rules of auth0/rules as actions, over the logins of their rows', () => {
  const from = corpus ?? ''
  const modules = corpus === undefined ? '' : rulePackages(from)
  const hosts = new StubHosts()
  const saved: unknown[] = []
  const { engine } = useEngine({
    modulesFolder: modules,
    network: { fetch: hosts.fetch },
    limits: { cpuPerRuleMs: 2_000, cpuPerLoginMs: 4_000 },
    users: savingInto(saved),
  })
  afterAll(() => rmSync(modules, { recursive: true, force: true }))

  async function shownBy(script: RuleInput, row: Row): Promise<object> {
    hosts.requests.length = 0
    saved.length = 0
    hosts.answers = row.answers ?? {}
    await engine.replace([script], row.configuration ?? {})
    const login = structuredClone({ user: { ...user, ...row.user }, context: { ...context, ...row.context } })
    const manner = { seed: 'the same', time: { startMs: Date.parse('2026-11-20T12:00:00.000Z'), moves: false } }
    const { outcome, reason, redirect, multifactor, claims, ...after } = await engine.run(login, manner)
    const seen = Object.entries({ ...after.user, ...claims.idToken }).filter(
      ([name, value]) => !name.endsWith('_metadata') && !isDeepStrictEqual(value, { ...login.user }[name]),
    )
    return {
      outcome,
      reason,
      redirect: redirect?.url,
      multifactor: multifactor && { allowRememberBrowser: true, ...multifactor },
      seen: Object.fromEntries(seen),
      accessToken: claims.accessToken,
      saved: [...saved],
      requests: await Promise.all(
        hosts.requests.map(async ({ request, text }) => [request, /^authorization: .*$/m.exec(await text)?.[0]]),
      ),
    }
  }

  test.each(rows)('%s shows the same, or its difference is named', async (name, row) => {
    const file = `${name}.js`
    const rule = readFileSync(join(from, 'rules/src/rules', file), 'utf8')
    const { script = '', differences } = convertRule({ name, file, script: rule })
    const byRule = await shownBy({ name, script: rule }, row)
    const byAction = await shownBy({ name, script, secrets: row.configuration ?? {} }, row)
    const expected = differing[name]
    if (expected === undefined) expect(byAction).toEqual(byRule)
    else {
      expect(byAction).not.toEqual(byRule)
      expect(differences.map(({ message }) => message)).toContainEqual(expect.stringMatching(expected))
    }
  })
})
