import { expect, onTestFinished } from 'vitest'
import { type Finished, claimsmith } from './command.ts'

/** A rule that shows what each flag has given. */
export const script = `function (user, context, callback) {
  context.idToken.found = [user.email, context.protocol, configuration.KEY, require('greets').greeting]
  callback(null, user, context)
}`
/** The files that these flags name. */
export const files = {
  'rules/find.js': script,
  'settings/user.json': { email: 'config@example.com' },
  'settings/context.json': { protocol: 'samlp' },
  'settings/configuration.json': { KEY: 'of the file' },
  'settings/lib/node_modules/greets/package.json': { name: 'greets', version: '1.0.0' },
  'settings/lib/node_modules/greets/index.js': `exports.greeting = 'good morning'`,
  'other.json': { email: 'flag@example.com' },
}
export const flags = {
  user: 'settings/user.json',
  context: 'settings/context.json',
  configuration: 'settings/configuration.json',
  modules: 'settings/lib',
}

/** Runs a command in a folder with these files, as if the current folder was that one. */
export function runIn(folder: string, ...args: string[]): Promise<Finished> {
  const before = process.cwd()
  process.chdir(folder)
  onTestFinished(() => process.chdir(before))
  return claimsmith(...args)
}

/** What that rule finds. */
export async function readClaim(folder: string, ...args: string[]): Promise<unknown> {
  const { stdout, stderr } = await runIn(folder, 'run', ...args, '--json')
  expect(stderr).toBe('')
  return (JSON.parse(stdout) as { claims: { idToken: { found: unknown } } }).claims.idToken.found
}

/** What that rule finds with these flags. */
export const found = ['config@example.com', 'samlp', 'of the file', 'good morning']
