import { createEngine } from 'claimsmith'
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

const warmups = 20
const logins = 100

/** What one login takes with packages of the user, one login at a time: in contexts that are used once, and with shared packages. */
export async function measureUserPackages(): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const packages of packageLists) {
    const names = packages.length > 3 ? `${packages.length} packages` : packages.join(', ')
    figures.push({ name: `${names}, used once`, value: await measureLogin(packages, 'isolated'), unit: 'ms a login' })
    figures.push({ name: `${names}, shared`, value: await measureLogin(packages, 'shared'), unit: 'ms a login' })
  }
  return figures
}

async function measureLogin(packages: readonly string[], moduleState: 'isolated' | 'shared'): Promise<number> {
  const requires = packages.map((name) => `require('${name}');`).join(' ')
  const script = `function (user, context, callback) { ${requires} callback(null, user, context); }`
  const engine = createEngine({
    rules: [{ name: 'requires', script }],
    modulesFolder: process.cwd(),
    moduleState,
    limits: { workers: 1, cpuPerRuleMs: 5_000, cpuPerLoginMs: 10_000 },
  })
  const timesMs: number[] = []
  for (let turn = 0; turn < warmups + logins; turn++) {
    const startedAtMs = performance.now()
    await logIn(engine)
    if (turn >= warmups) timesMs.push(performance.now() - startedAtMs)
  }
  await engine.close()
  return median(timesMs)
}
