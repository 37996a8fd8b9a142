import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.ts'
import { checkRules } from '../../src/migration/check/check-rules.ts'

const script = (body: string): string =>
  `async function (user, context, callback) { ${body}; callback(null, user, context) }`

describe.each<readonly [name: string, use: string]>([
  ['couchbase', "require('couchbase')"],
  ['couchbase', 'new couchbase.Cluster()'],
  ['node-cassandra-cql', "require('node-cassandra-cql@0.4.4')"],
  ['node-cassandra-cql', 'new cql.Client()'],
  ['oracledb', "require('oracledb')"],
  ['bcrypt', "require('bcrypt@5.0.0')"],
  ['bcrypt', "await bcrypt.hash('x', 4)"],
  ['sqlite3', "require('sqlite3')"],
])('a rule that uses the native package %s by %s', (name, use) => {
  test('is refused with the module and the cure, and check says the same', async () => {
    const rules = [{ name: 'orders', script: script(use) }]
    const engine = createEngine({ rules, limits: { workers: 1 } })
    const { error } = await engine.run({ user: {} })
    await engine.close()
    expect(error).toMatchObject({ code: 'MODULE_REFUSED', rule: 'orders' })
    expect(error?.message).toContain(`createEngine({ modules: { ${JSON.stringify(name)}: {`)
    const folder = mkdtempSync(join(tmpdir(), 'claimsmith-drivers-'))
    writeFileSync(join(folder, 'orders.js'), script(use))
    const { rules: reports, install } = checkRules(folder)
    rmSync(folder, { recursive: true })
    const { findings, verdict } = reports[0] ?? {}
    expect([verdict, install]).toEqual(['will not run', []])
    expect(error?.message).toContain(`: ${findings?.[0]?.cure}`)
    expect(findings?.[0]?.cure).toContain(`createEngine({ modules: { ${JSON.stringify(name)}: {`)
  })
})

test.each([
  ["require('pg')", 'runs', undefined],
  ['postgres()', 'runs', undefined],
  ['mysql()', 'will not run', 'npm install mysql, in the folder of the rules'],
  ["require('tedious@1.11.0')", 'will not run', 'npm install tedious@1.11.0, in the folder of the rules'],
  ["require('mongodb')", 'will not run', 'npm install mongodb, in the folder of the rules'],
])('check says of a driver that can run whether it is there: %s %s', (use, verdict, cure) => {
  const folder = mkdtempSync(join(tmpdir(), 'claimsmith-drivers-'))
  writeFileSync(join(folder, 'orders.js'), script(use))
  const [found] = checkRules(folder).rules
  rmSync(folder, { recursive: true })
  expect(found?.verdict).toBe(verdict)
  expect(found?.findings[0]?.cure).toBe(cure)
})
