import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { createEngine } from 'claimsmith'
import { type Entrant, measure, median } from './measure.ts'
import { logIn, moduleEngine, moduleRules } from './module-rules.ts'
import { measureUserPackages } from './user-packages.ts'
import type { Figure } from './report.ts'
import type { Contender } from './rivals.ts'

const coldStarts = 9

function claimsmith(withModules: boolean): Contender {
  const engine = createEngine({ rules: moduleRules(withModules), limits: { cpuPerLoginMs: 10_000 } })
  return { run: () => logIn(engine), close: () => void engine.close() }
}

async function timed(work: () => unknown): Promise<number> {
  const startedAtMs = performance.now()
  await work()
  return performance.now() - startedAtMs
}

function runNode(...args: readonly string[]): void {
  execFileSync(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] })
}

/** What a ruleset that nobody has seen takes to its first outcome, beside a process that does nothing; bundles are on disk. */
async function cold(): Promise<Figure[]> {
  const script = fileURLToPath(new URL('modules-cold.ts', import.meta.url))
  const warm = moduleEngine(moduleRules(true))
  await logIn(warm)
  let marks = 0
  const newRules = (): ReturnType<typeof moduleRules> => moduleRules(true, `${++marks}`)

  async function firstLogin(): Promise<void> {
    const engine = moduleEngine(newRules())
    await logIn(engine)
    await engine.close()
  }

  async function replaced(): Promise<void> {
    await warm.replace(newRules())
    await logIn(warm)
  }

  const ms = { node: [] as number[], replaced: [] as number[], engine: [] as number[], whole: [] as number[] }
  for (let turn = 0; turn < coldStarts; turn++) {
    ms.node.push(await timed(() => runNode('-e', '0')))
    ms.replaced.push(await timed(replaced))
    ms.engine.push(await timed(firstLogin))
    ms.whole.push(await timed(() => runNode(script)))
  }
  await warm.close()
  const nodeMs = median(ms.node)
  const ratio = (of: readonly number[]): number => median(of) / nodeMs
  return [
    { name: 'node -e 0', value: nodeMs, unit: 'ms' },
    { name: 'ten rules with modules, new to an engine', value: median(ms.replaced), unit: 'ms' },
    { name: '… ÷ node -e 0', value: ratio(ms.replaced), unit: '×', most: 3 },
    { name: 'the same in an engine that is new', value: median(ms.engine), unit: 'ms' },
    { name: '… ÷ node -e 0', value: ratio(ms.engine), unit: '×' },
    { name: 'the same in a process that is new', value: median(ms.whole), unit: 'ms' },
    { name: '… ÷ node -e 0', value: ratio(ms.whole), unit: '×' },
  ]
}

/** What modules cost: first logins with bundles cached on disk, and logins on a warm worker; then packages of the user. */
export async function modules(): Promise<Figure[]> {
  const figures = await cold()
  const entrants: readonly Entrant[] = [
    ['without modules', claimsmith(false), 2_000],
    ['with modules', claimsmith(true), 2_000],
  ]
  const us = await measure(entrants)
  for (const [, contender] of entrants) contender.close()
  const of = (name: string): number => us.get(name) ?? Number.NaN
  return [
    ...figures,
    ...entrants.map(([name]) => ({ name: `ten rules, warm, ${name}`, value: of(name), unit: 'µs a login' })),
    { name: 'with modules ÷ without', value: of('with modules') / of('without modules'), unit: '×', most: 1.2 },
    ...(await measureUserPackages()),
  ]
}
