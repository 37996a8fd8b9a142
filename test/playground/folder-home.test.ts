import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { createFolderRuleRepository } from '../../src/playground/rules/folder-rule-repository.ts'
import { applyEdit } from '../../src/playground/rules/rule-repository.ts'

const folder = mkdtempSync(join(tmpdir(), 'claimsmith-home-'))
afterAll(() => rmSync(folder, { recursive: true }))

const script = 'function (user, context, callback) { callback(null, user, context) }'
writeFileSync(join(folder, '10-first.js'), script)
writeFileSync(join(folder, '30-last.ts'), `export default ${script}`)
writeFileSync(join(folder, 'configuration.json'), '{ "A": "file", "B": "file" }')
const home = createFolderRuleRepository(folder, { B: 'given' })

test('has the rules in their order, and the configuration with what was given', async () => {
  const { rules, configuration } = await home.read()
  expect(rules.map(({ name }) => name)).toEqual(['10-first', '30-last'])
  expect(configuration).toEqual({ A: 'file', B: 'given' })
})

test('a new rule is tried where its number will put it', async () => {
  const { rules } = await home.read()
  const names = (edited: string): string[] => applyEdit(rules, { name: edited, script }, home).map(({ name }) => name)
  expect(names('20-between')).toEqual(['10-first', '20-between', '30-last'])
  expect(names('nameless')).toEqual(['10-first', '30-last', 'nameless'])
  expect(names('10-first')).toEqual(['10-first', '30-last'])
})

test('a rule is saved to the file that it came from, in its language', async () => {
  const typed = 'export default (user: object, context: object, callback: Function) => callback(null, user, context)'
  await home.save({ name: '30-last', script: typed })
  expect(readFileSync(join(folder, '30-last.ts'), 'utf8')).toBe(typed)
})

test.each(['../outside', 'a/b', '.hidden', '', 'a\\b'])('no file is called %j', async (name) => {
  await expect(home.save({ name, script })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
})

test('what is no rule is refused with its place, and the file stays', async () => {
  const saving = home.save({ name: '10-first', script: 'function (' })
  await expect(saving).rejects.toMatchObject({ code: 'RULE_SYNTAX', details: { line: 1 } })
  expect(readFileSync(join(folder, '10-first.js'), 'utf8')).toBe(script)
  expect(readdirSync(folder).filter((name) => name.endsWith('.saving'))).toEqual([])
})

test('one file takes no further rule', async () => {
  const one = createFolderRuleRepository(join(folder, '10-first.js'))
  await expect(one.save({ name: 'another', script })).rejects.toMatchObject({
    message: expect.stringContaining('give it a folder'),
  })
})
