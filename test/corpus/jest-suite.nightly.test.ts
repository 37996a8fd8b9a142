import { execFile } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const corpus = process.env['CLAIMSMITH_CORPUS']
const from = resolve(corpus ?? '', 'rules')
const isThere = corpus !== undefined && existsSync(join(from, 'node_modules/jest'))

/** Tests that do not pass, and why. */
const reasons: Readonly<Record<string, string>> = {
  'access-on-weekdays-only-for-an-app when day is weekend should return UnauthorizedError':
    'replaces Date.prototype.getDay of its own realm, which says nothing of what day it is',
  'get-towerdata-profile should set the tower data body on the context idToken':
    'wants the very object that its stub called back with; data is copied',
  'mandrill should sign up user and send email': 'fails as well without a sandbox, with nock 13.5.6 on Node 24',
  'mandrill should throw error if mailer call fails': 'fails as well without a sandbox, with nock 13.5.6 on Node 24',
  'send-events-keenio should post userdata to keen and send slack report in case of error':
    'wants the answer to a request of a rule that has called back before: the login is over',
}

/** All that is changed of the suite. */
const loader = `'use strict'
const path = require('path')
const { createRequire } = process.getBuiltinModule('node:module')
const { loadRule } = createRequire(${JSON.stringify(resolve('package.json'))})('claimsmith/testing')
module.exports = function (ruleFileName, globals, stubs) {
  const { configuration = {}, auth0, ...others } = globals || {}
  return loadRule(path.join(__dirname, '../../src/rules', ruleFileName + '.js'), {
    configuration, auth0, globals: others, modules: stubs || {}, fetch: 'node:http', clock: () => new Date().getTime(),
  })
}
`

interface Report {
  readonly numTotalTests: number
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[]
  }[]
}

describe.skipIf(!isThere)(
  'the jest suite of auth0/rules, where CLAIMSMITH_CORPUS names a folder that has it installed',
  () => {
    let folder: string
    let report: Report

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'claimsmith-jest-'))
      for (const name of ['package.json', 'src', 'test'])
        cpSync(join(from, name), join(folder, name), { recursive: true })
      symlinkSync(join(from, 'node_modules'), join(folder, 'node_modules'), 'junction')
      writeFileSync(join(folder, 'test/utils/load-rule.js'), loader)
      const jest = join(from, 'node_modules/jest/bin/jest.js')
      const output = join(folder, 'report.json')
      const args = [jest, '--rootDir', folder, '--json', '--outputFile', output, '--silent']
      await promisify(execFile)(process.execPath, args, { cwd: folder, maxBuffer: 64_000_000 }).catch(() => undefined)
      report = JSON.parse(readFileSync(output, 'utf8')) as Report
    }, 240_000)
    afterAll(() => rmSync(folder, { recursive: true }))

    test('passes in the sandbox with nothing changed but its loader, except for tests that are named with their reasons', () => {
      const results = report.testResults.flatMap(({ assertionResults }) => assertionResults)
      const failed = results.filter(({ status }) => status !== 'passed').map(({ fullName }) => fullName)
      expect(failed.filter((name) => reasons[name] === undefined)).toEqual([])
      expect(results.length - failed.length).toBeGreaterThanOrEqual(176)
      expect(report.numTotalTests).toBe(181)
    })
  },
)
