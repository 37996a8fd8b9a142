import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished, expect, test, vi } from 'vitest'
import type { FileCoverage } from 'istanbul-lib-coverage'
import { coverRules } from '../../src/coverage/cover-rules.ts'
import { findUnmetThresholds } from '../../src/coverage/write-reports.ts'
import { createEngine } from '../../src/engine/engine.ts'
import type { EngineOptions } from '../../src/engine/options/engine-options.ts'
import { temporaryFolder } from '../rules/temporary-folder.ts'

const greet = `// Says hello.
function greet(user, context, callback) {
  if (user.name === 'Ada') {
    user.greeting = 'hello';
  } else {
    user.greeting = 'who are you?';
  }
  const unused = () => {
    throw new Error('never');
  };
  callback(null, user, context);
}
`

type Run = (user: object) => Promise<void>

interface Covered {
  readonly folder: string
  readonly log: string
}

/** Runs rules of a folder of their own with coverage on, until `logins` is over. */
async function covered(
  files: Readonly<Record<string, string>>,
  logins: (run: Run) => Promise<unknown>,
  limits: EngineOptions['limits'] = { workers: 1 },
): Promise<Covered> {
  const folder = temporaryFolder(files)
  const log = temporaryFolder({})
  vi.stubEnv('CLAIMSMITH_COVERAGE', log)
  onTestFinished(() => void vi.unstubAllEnvs())
  const engine = createEngine({ rules: folder, limits })
  try {
    await logins(async (user) => {
      await engine.run({ user: { user_id: 'auth0|1', ...user }, context: { idToken: {}, accessToken: {} } })
    })
  } finally {
    await engine.close()
  }
  return { folder, log }
}

async function fileOf({ folder, log }: Covered, name: string): Promise<FileCoverage> {
  const { map } = await coverRules(log)
  return map.fileCoverageFor(join(folder, name))
}

test('names the lines of a branch that nothing ran, and misses a threshold', async () => {
  const done = await covered({ 'greet.js': greet }, (run) => run({ name: 'Ada' }))
  const file = await fileOf(done, 'greet.js')
  expect(file.getUncoveredLines()).toEqual(['6', '9'])
  expect(file.getBranchCoverageByLine()).toMatchObject({ 3: { covered: 1, total: 2 } })
  const { map } = await coverRules(done.log)
  expect(findUnmetThresholds(map, 90).map((text) => text.split(':')[0])).toContain('branches')
  expect(findUnmetThresholds(map, 10)).toEqual([])
})

test('adds up what several logins ran, in as many workers', async () => {
  const names = ['Ada', 'Grace', 'Ada', 'Ada', 'Grace', 'Ada', 'Ada', 'Ada']
  const logins = (run: Run): Promise<unknown> => Promise.all(names.map((name) => run({ name })))
  const file = await fileOf(await covered({ 'greet.js': greet }, logins, { workers: 2, maxRealms: 1 }), 'greet.js')
  expect(file.getUncoveredLines()).toEqual(['9'])
  expect(file.getLineCoverage()).toMatchObject({ 4: 6, 6: 2, 11: 8 })
})

test('counts what ran before an isolate was thrown away', async () => {
  const script = `function (user, context, callback) {
  if (user.hangs) {
    for (;;) {}
  }
  callback(null, user, context);
}`
  const logins = async (run: Run): Promise<void> => {
    await run({})
    await run({ hangs: true })
    await run({})
  }
  const file = await fileOf(await covered({ 'hang.js': script }, logins), 'hang.js')
  expect(file.getUncoveredLines()).toEqual([])
  expect(file.getLineCoverage()).toMatchObject({ 2: 3, 5: 2 })
})

test('counts only what the file holds, where the sandbox puts something around it', async () => {
  const files = {
    'beside.js': `const polite = (name) => 'dear ' + name
function beside(user, context, callback) {
  callback(null, { ...user, greeting: polite(user.name) }, context)
}
module.exports = beside
`,
    'exported.js': `exports.onExecutePostLogin = async (event, api) => {
  if (event.user.name === 'Grace') api.access.deny('no')
}
`,
  }
  const done = await covered(files, (run) => run({ name: 'Ada' }))
  const beside = await fileOf(done, 'beside.js')
  expect(Object.values(beside.fnMap).map(({ loc }) => loc.start.line)).toEqual([1, 2])
  expect(beside.fnMap[0]?.loc.start.column).toBe('const polite = (name) => '.length)
  expect(beside.getUncoveredLines()).toEqual([])
  const exported = await fileOf(done, 'exported.js')
  expect(Object.values(exported.fnMap).map(({ loc }) => loc.start.line)).toEqual([1])
  expect(exported.getBranchCoverageByLine()).toMatchObject({ 2: { covered: 1, total: 2 } })
})

test('keeps the lines of a rule in TypeScript', async () => {
  const script = `interface Person {
  name?: string
}

export default function typed(user: Person, context: object, callback: Function) {
  if (user.name === undefined) {
    user.name = 'nobody'
  }
  callback(null, user, context)
}
`
  const file = await fileOf(await covered({ 'typed.ts': script }, (run) => run({ name: 'Ada' })), 'typed.ts')
  expect(file.getUncoveredLines()).toEqual(['7'])
})

test('reports a rule that nothing ran, where it is asked for', async () => {
  const { folder, log } = await covered({ 'greet.js': greet }, async () => undefined)
  expect((await coverRules(log)).map.files()).toEqual([])
  const { map } = await coverRules(log, [join(folder, 'greet.js')])
  expect(map.getCoverageSummary().functions).toMatchObject({ total: 2, covered: 0 })
})

test('leaves out a rule whose file has changed meanwhile, and says so', async () => {
  const { folder, log } = await covered({ 'greet.js': greet }, (run) => run({}))
  writeFileSync(join(folder, 'greet.js'), greet.replace('hello', 'hi'))
  const { map, changedFiles: changed } = await coverRules(log)
  expect([map.files(), changed]).toEqual([[], [join(folder, 'greet.js')]])
})

test('says which folder cannot be written to', () => {
  const file = join(temporaryFolder({ 'a-file': '' }), 'a-file')
  vi.stubEnv('CLAIMSMITH_COVERAGE', file)
  onTestFinished(() => void vi.unstubAllEnvs())
  expect(() => createEngine({ rules: [] })).toThrow(`CLAIMSMITH_COVERAGE is "${file}"`)
})
