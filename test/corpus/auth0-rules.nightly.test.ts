import { cpSync, globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { checkRules } from '../../src/migration/check/check-rules.ts'
import { useEngine } from '../engine/use-engine.ts'
import { callingRows } from './calling-rows.ts'
import { plainRows } from './plain-rows.ts'
import { redirectingRows } from './redirecting-rows.ts'
import { type Missing, type Row, context, user } from './row.ts'
import { rulePackages } from './rule-packages.ts'
import { savingInto } from './saved-metadata.ts'
import { StubHosts } from './stub-hosts.ts'
import { tellingRows } from './telling-rows.ts'

const corpus = process.env['CLAIMSMITH_CORPUS']
const rows: Readonly<Record<string, Row>> = { ...plainRows, ...callingRows, ...tellingRows, ...redirectingRows }

/** Packages that nobody has installed here, drivers of databases among them. */
const missing: Missing = {
  'add-roles-from-sqlserver': 'tedious',
  'incognia-authentication': '@incognia/api@1.1.1',
  'incognia-onboarding': '@incognia/api@1.1.1',
  mongodb: 'mongodb@3.1.4',
  'onfido-idv': '@onfido/api@1.5.1',
}

/** What a login comes to where its row does not say otherwise. */
const uneventful = { outcome: 'allow', idToken: {}, accessToken: {}, saved: [] }

function filesOf(folder: string): Map<string, string> {
  const found = [
    ...globSync(join(folder, 'rules/src/rules/*.js')),
    ...globSync(join(folder, 'rules/redirect-rules/*/rule.js')),
  ]
  return new Map(
    found.map((file) => [
      file.endsWith('/rule.js') ? `redirect-rules/${basename(dirname(file))}` : basename(file, '.js'),
      file,
    ]),
  )
}

describe.skipIf(corpus === undefined)(
  'the rules of auth0/rules, where CLAIMSMITH_CORPUS names a folder that has them',
  () => {
    const from = corpus ?? ''
    const files = filesOf(from)
    const modules = corpus === undefined ? '' : rulePackages(from)
    const hosts = new StubHosts()
    const saved: unknown[] = []

    beforeEach(() => {
      hosts.requests.length = 0
      saved.length = 0
    })
    afterAll(() => rmSync(modules, { recursive: true, force: true }))

    const { engine } = useEngine({
      modulesFolder: modules,
      network: { fetch: hosts.fetch },
      limits: { cpuPerRuleMs: 2_000, cpuPerLoginMs: 4_000 },
      users: savingInto(saved),
    })

    test('each has a row of ours, or is known to lack a package', () => {
      expect([...files.keys()].toSorted()).toEqual([...Object.keys(rows), ...Object.keys(missing)].toSorted())
      expect(Object.keys(rows).length).toBeGreaterThanOrEqual(84)
    })

    test.each(Object.entries(rows))('%s does what it is for', async (key, row) => {
      const folder = mkdtempSync(join(modules, 'rules-'))
      cpSync(files.get(key) ?? '', join(folder, 'rule.js'))
      writeFileSync(join(folder, 'configuration.json'), JSON.stringify(row.configuration ?? {}))
      hosts.answers = row.answers ?? {}
      await engine.replace(folder)
      const login = structuredClone({ user: { ...user, ...row.user }, context: { ...context, ...row.context } })
      const after = await engine.run(login)
      const {
        requests: calls = [],
        multifactor,
        user: changed = {},
        context: set = {},
        gone = [],
        ...rest
      } = row.expect
      expect({
        outcome: after.outcome,
        error: after.error,
        reason: after.reason,
        redirect: after.redirect?.url,
        ...after.claims,
        requests: hosts.requests.map(({ request }) => request),
        saved,
      }).toEqual({
        ...uneventful,
        ...rest,
        requests: calls.map(([request]) => request),
      })
      expect(after.multifactor ?? {}).toMatchObject(multifactor ?? {})
      expect(after.user).toMatchObject(changed)
      expect(after.context).toMatchObject(set)
      expect(gone.filter((name) => name in after.user)).toEqual([])
      for (const [index, { text }] of hosts.requests.entries()) {
        for (const part of calls[index]?.slice(1) ?? []) expect(await text).toContain(part)
      }
    })

    test.each([...files])('%s: claimsmith check says whether it runs, and why not', (name, file) => {
      const report = checkRules(file, { modules })
      const errors = report.rules.flatMap(({ findings }) => findings.filter(({ level }) => level === 'error'))
      const expected = missing[name]
      expect(errors.map(({ kind, message }) => [kind, message])).toEqual(
        expected === undefined ? [] : [['module-missing', `the module ${expected} is not there`]],
      )
    })
  },
)
