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

/** A worker at rest, and what each further ruleset of five rules takes in it. */
export async function memory(): Promise<Figure[]> {
  if (process.platform !== 'linux') return []
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
