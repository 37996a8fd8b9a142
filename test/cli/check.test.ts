import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { expect, test } from 'vitest'
import { checkReportSchema } from '../../src/migration/check/report.ts'
import { troubledRules } from '../migration/check/troubled-rules.ts'
import { temporaryFolder } from '../rules/temporary-folder.ts'
import { claimsmith } from './command.ts'

test('a folder whose rules run: a table, and exit code 0', async () => {
  const { exitCode, stdout } = await claimsmith('check', 'rules-examples')
  expect(exitCode).toBe(0)
  expect(stdout).toMatch(/^ {2}rule +verdict +modules +hosts +configuration$/m)
  expect(stdout).toMatch(/^✓ 10-deny-by-allow-list +runs/m)
  expect(stdout).toMatch(/^8 rules run$/m)
})

test('a folder with each kind of trouble: each place and its cure, what to install, and exit code 1', async () => {
  const folder = temporaryFolder(troubledRules)
  const { exitCode, stdout } = await claimsmith('check', folder)
  expect(exitCode).toBe(1)
  expect(stdout).toMatch(/^✗ 02-modules +will not run +lodash@4\.17\.1 \(4\.17\.21\), counter@2\.0\.1,…/m)
  expect(stdout).toMatch(/^○ 14-off +off: will not run/m)
  expect(stdout).toContain(
    `✗ ${folder}/02-modules.js:5:16: the module left-pad-2@1.0.0 is not there\n    → npm install left-pad`,
  )
  expect(stdout).toContain('3 rules run, 5 rules run with warnings, 5 rules will not run, 1 rule off')
  expect(stdout).toContain(
    'Every login runs in a context that is used once, because packages may keep state: _, axios-like-counter, counter@2.0.1, lodash@4.17.1.',
  )
  expect(stdout).toContain(`npm install --prefix ${folder} azure-storage left-pad-2@1.0.0`)
  expect(stdout.match(/^ {4}→ \S/gm)?.length).toBe(stdout.match(/^[✗!·] .*:\d+:\d+: /gm)?.length)
})

test('with --json prints one document that the shipped schema describes', async () => {
  const { exitCode, stdout } = await claimsmith('check', temporaryFolder(troubledRules), '--json')
  const validate = new Ajv().compile(JSON.parse(readFileSync('schemas/check.json', 'utf8')) as object)
  validate(JSON.parse(stdout))
  expect([validate.errors, exitCode]).toEqual([null, 1])
  expect(JSON.parse(readFileSync('schemas/check.json', 'utf8'))).toEqual(JSON.parse(JSON.stringify(checkReportSchema)))
})

test('a rule cannot send control characters to the terminal', async () => {
  const script = `function (user, context, callback) { fetch('https://\\x1b[2J.example/'); callback(configuration['\\x1bK']) }`
  const { stdout } = await claimsmith('check', temporaryFolder({ 'a.js': script }))
  expect(stdout).toContain(String.raw`\u001b[2J.example`)
  expect(stdout).not.toMatch(/[\p{Cc}--\n]/v)
})
