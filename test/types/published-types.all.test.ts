import { execFile } from 'node:child_process'
import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../rules/temporary-folder.ts'

const run = promisify(execFile)

const files = {
  'package.json': { type: 'module' },
  'tsconfig.json': {
    compilerOptions: {
      strict: true,
      noEmit: true,
      allowJs: true,
      module: 'nodenext',
      target: 'es2024',
      types: [],
      skipLibCheck: true,
    },
    include: ['*'],
  },
  'good.ts': `import type { Rule, RuleUser, RuleContext, RuleCallback, PostLoginEvent, PostLoginApi } from 'claimsmith'
export const rule: Rule = (user, context, callback) => {
  context.idToken['https://example.com/roles'] = user.app_metadata?.['roles']
  callback(null, user, context)
}
export function named(user: RuleUser, context: RuleContext, callback: RuleCallback): void { callback(new Error(context.clientID + user.user_id)) }
export const onExecutePostLogin = async (event: PostLoginEvent, api: PostLoginApi) => {
  if (event.request.geoip.countryCode === 'DE') api.idToken.setCustomClaim('eu', true).accessToken.addScope('eu')
}`,
  'plain-good.js': `// @ts-check
/** @type {import('claimsmith').Rule} */
export const rule = (user, context, callback) => { context.redirect = { url: 'https://x.example/' }; callback(null, user, context) }
/**
 * @param {import('claimsmith').PostLoginEvent} event
 * @param {import('claimsmith').PostLoginApi} api
 */
export const onExecutePostLogin = async (event, api) => { api.access.deny(event.secrets['WHY'] ?? '') }`,
  'wrong.ts': `import type { Rule, PostLoginEvent, PostLoginApi } from 'claimsmith'
export const rule: Rule = (user, context, callback) => { context.idTokn = {}; callback(null, user, context) }
export const one = (event: PostLoginEvent) => event.usr
export const two = (api: PostLoginApi) => api.idToken.setClaim('a', 1)
export const three = (api: PostLoginApi) => api.redirect.sendUserTo(1)`,
  'plain-wrong.js': `// @ts-check
/** @type {import('claimsmith').Rule} */
export const rule = (user, context, callback) => { context.protocl = 'x'; callback(null, user, context) }`,
}

test('rules and actions are checked against the published types, in TypeScript and in plain JavaScript', async () => {
  const folder = temporaryFolder(files)
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(process.cwd(), join(folder, 'node_modules', 'claimsmith'), 'junction')
  const tsc = join(process.cwd(), 'node_modules', 'typescript', 'bin', 'tsc')
  const { stdout } = await run(process.execPath, [tsc, '--project', folder], { cwd: folder }).catch(
    (error: unknown) => error as { stdout: string },
  )
  const places = [...stdout.matchAll(/^(\S+)\((\d+),\d+\): error/gm)].map(([, file, line]) => `${file}:${line}`)
  expect(places.toSorted(), stdout).toEqual([
    'plain-wrong.js:3',
    'wrong.ts:2',
    'wrong.ts:3',
    'wrong.ts:4',
    'wrong.ts:5',
  ])
}, 60_000)
