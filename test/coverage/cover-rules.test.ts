import { join } from 'node:path'
import { onTestFinished, expect, test, vi } from 'vitest'
import { coverRules } from '../../src/coverage/cover-rules.ts'
import { findUnmetThresholds } from '../../src/coverage/write-reports.ts'
import { createEngine } from '../../src/engine/engine.ts'
import { temporaryFolder } from '../rules/temporary-folder.ts'
import { type Run, covered, fileOf, greet } from './covered.ts'

test('names the lines of a branch that nothing ran, and misses a threshold', async () => {
  const done = await covered({ 'greet.js': greet }, (run) => run({ name: 'Ada' }))
  const file = await fileOf(done, 'greet.js')
  expect(file.getUncoveredLines()).toEqual(['6', '9'])
  expect(file.getBranchCoverageByLine()).toMatchObject({ 3: { covered: 1, total: 2 } })
  const { map } = await coverRules(done.log)
  expect(findUnmetThresholds(map, 90).map((text) => text.split(':')[0])).toContain('branches')
  expect(findUnmetThresholds(map, 10)).toEqual([])
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

test('reports a rule that nothing ran, where it is asked for', async () => {
  const { folder, log } = await covered({ 'greet.js': greet }, async () => undefined)
  expect((await coverRules(log)).map.files()).toEqual([])
  const { map } = await coverRules(log, [join(folder, 'greet.js')])
  expect(map.getCoverageSummary().functions).toMatchObject({ total: 2, covered: 0 })
})

test('says which folder cannot be written to', () => {
  const file = join(temporaryFolder({ 'a-file': '' }), 'a-file')
  vi.stubEnv('CLAIMSMITH_COVERAGE', file)
  onTestFinished(() => void vi.unstubAllEnvs())
  expect(() => createEngine({ rules: [] })).toThrow(`CLAIMSMITH_COVERAGE is "${file}"`)
})
