import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { coverRules } from '../../src/coverage/cover-rules.ts'
import { type Run, covered, fileOf, greet } from './covered.ts'

test('adds up what several logins ran, in as many workers', async () => {
  const names = ['Ada', 'Grace', 'Ada', 'Ada', 'Grace', 'Ada', 'Ada', 'Ada']
  const logins = (run: Run): Promise<unknown> => Promise.all(names.map((name) => run({ name })))
  const file = await fileOf(await covered({ 'greet.js': greet }, logins, { workers: 2, maxRealms: 1 }), 'greet.js')
  expect(file.getUncoveredLines()).toEqual(['9'])
  expect(file.getLineCoverage()).toMatchObject({ 4: 6, 6: 2, 11: 8 })
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

test('leaves out a rule whose file has changed meanwhile, and says so', async () => {
  const { folder, log } = await covered({ 'greet.js': greet }, (run) => run({}))
  writeFileSync(join(folder, 'greet.js'), greet.replace('hello', 'hi'))
  const { map, changedFiles: changed } = await coverRules(log)
  expect([map.files(), changed]).toEqual([[], [join(folder, 'greet.js')]])
})
