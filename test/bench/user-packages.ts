import { setTimeout } from 'node:timers/promises'
import { type EngineOptions, createEngine } from 'claimsmith'
import { median } from './measure.ts'
import { logIn } from './module-rules.ts'
import type { Figure } from './report.ts'

/** Packages of this checkout. They stand for those that users install. */
const packageLists = [
  ['lodash', 'moment'],
  ['axios'],
  ['jsonwebtoken', 'uuid'],
  ['lodash', 'moment-timezone', 'axios', 'jsonwebtoken', 'uuid', 'qs', 'ejs', 'xtend'],
] as const

/** How contexts get their packages. */
const variants = {
  'used once, from a snapshot': {},
  'used once, evaluated anew': { snapshots: false },
  shared: { moduleState: 'shared' },
} as const satisfies Record<string, Partial<EngineOptions>>

const warmups = 20
const logins = 100
/** Logins that begin before the snapshot is there would not use it. */
const snapshotMs = 3_000

/** What one login takes with packages of the user, one login at a time, on one worker. */
export async function measureUserPackages(): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const packages of packageLists) {
    const names = packages.length > 3 ? `${packages.length} packages` : packages.join(', ')
    for (const [variant, options] of Object.entries(variants))
      figures.push({ name: `${names}, ${variant}`, value: await measureLogin(packages, options), unit: 'ms a login' })
  }
  return figures
}

async function measureLogin(packages: readonly string[], options: Partial<EngineOptions>): Promise<number> {
  const requires = packages.map((name) => `require('${name}');`).join(' ')
  const script = `function (user, context, callback) { ${requires} callback(null, user, context); }`
  const engine = createEngine({
    rules: [{ name: 'requires', script }],
    modulesFolder: process.cwd(),
    limits: { workers: 1, cpuPerRuleMs: 5_000, cpuPerLoginMs: 10_000 },
    ...options,
  })
  await setTimeout(snapshotMs)
  const timesMs: number[] = []
  for (let turn = 0; turn < warmups + logins; turn++) {
    const startedAtMs = performance.now()
    await logIn(engine)
    if (turn >= warmups) timesMs.push(performance.now() - startedAtMs)
  }
  await engine.close()
  return median(timesMs)
}
