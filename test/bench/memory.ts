import { readFileSync } from 'node:fs'
import { createEngine } from 'claimsmith'
import { configuration, login, scripts } from './login.ts'
import type { Figure } from './report.ts'
import { workerPids } from '../sandbox/worker-pids.ts'

/** Resident memory of the workers of this process, in MB; Linux alone tells. */
function workerRssMb(): number[] {
  return workerPids().map(
    (pid) => (Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * 4_096) / 1_048_576,
  )
}

/** A worker at rest, what each further ruleset of five rules takes in it, and what 10,000 logins leave that use `global`. */
export async function memory(): Promise<Figure[]> {
  if (process.platform !== 'linux') return []
  return [...(await measureRulesets()), ...(await measureGlobal('hardened')), ...(await measureGlobal('fresh'))]
}

/** By name, a rule's body. */
const globalUses = {
  'adds an entry to an object': 'global.seen = global.seen || {}; global.seen[user.user_id] = { at: Date.now() };',
  'replaces a client': 'class Client { get() { return user } } global.client = new Client();',
} as const

const globalLogins = 10_000
/** By then the worker has its usual size. */
const warmupLogins = 2_000

async function measureGlobal(realm: 'hardened' | 'fresh'): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const [name, body] of Object.entries(globalUses)) {
    const script = `function (user, context, callback) { ${body} callback(null, user, context) }`
    const engine = createEngine({ realm, rules: [{ name: 'global', script }], limits: { workers: 1 } })
    let warm = Number.NaN
    for (let index = 0; index < warmupLogins + globalLogins; index++) {
      if (index === warmupLogins) [warm = Number.NaN] = workerRssMb()
      const { error } = await engine.run({ user: { user_id: `auth0|${index}` } })
      if (error !== undefined) throw new Error(`login ${index} (${name}, ${realm}): ${error.code} ${error.message}`)
    }
    const [after = Number.NaN] = workerRssMb()
    await engine.close()
    const label = `${globalLogins} logins, each ${name} on global (${realm})`
    figures.push({ name: label, value: after - warm, unit: 'MB', most: 20 })
  }
  return figures
}

async function measureRulesets(): Promise<Figure[]> {
  const rulesets = 10
  const engine = createEngine({ rules: ruleset(0), configuration, limits: { workers: 1 } })
  await engine.run(login)
  const [atRest = Number.NaN] = workerRssMb()
  for (let index = 1; index <= rulesets; index++) {
    await engine.replace(ruleset(index))
    await engine.run(login)
  }
  const [after = Number.NaN] = workerRssMb()
  await engine.close()
  return [
    { name: 'a worker at rest, one ruleset', value: atRest, unit: 'MB', most: 120 },
    { name: 'each further ruleset of five rules', value: (after - atRest) / rulesets, unit: 'MB', most: 8 },
  ]
}

function ruleset(version: number): { name: string; script: string }[] {
  return scripts.map((script, index) => ({ name: `rule-${version}-${index + 1}`, script }))
}
