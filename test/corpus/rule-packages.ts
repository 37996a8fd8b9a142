import { cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { modulesFolder } from './modules-folder.ts'

/** A folder with the packages that the rules of `auth0/rules` require, the one that npm lacks beside them. */
export function rulePackages(corpus: string): string {
  const plain = ['axios', 'ipaddr.js', 'moment', 'moment-timezone', 'node-fetch', 'oauth-sign', 'slack-notify']
  const folder = modulesFolder({ auth0: 'auth0-v2', ...Object.fromEntries(plain.map((name) => [name, name])) })
  const own = join(folder, 'node_modules/@auth0/rule-utilities')
  mkdirSync(own, { recursive: true })
  for (const part of ['package.json', 'src'])
    cpSync(join(corpus, 'rule-utilities', part), join(own, part), { recursive: true })
  return folder
}
