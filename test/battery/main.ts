import { writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { Presets, SingleBar } from 'cli-progress'
import pLimit from 'p-limit'
import { nameCase } from './cases/battery-case.ts'
import { batteryCases } from './cases/index.ts'
import { formatTable } from './run/table.ts'
import { type Trial, type TrialResult, hasPassed, listNotes, listTrials, runTrial } from './run/trial.ts'

const usage = `Usage: npm run battery -- [--repeats N] [--only SE-01,RX] [--jobs N] [--output FILE.md|FILE.json] [--list]`

function readOptions() {
  const { values } = parseArgs({
    options: {
      repeats: { type: 'string', default: '5' },
      only: { type: 'string', default: '' },
      jobs: { type: 'string', default: String(availableParallelism()) },
      output: { type: 'string' },
      list: { type: 'boolean', default: false },
    },
  })
  return {
    ...values,
    only: values.only.split(',').filter(Boolean),
    repeats: readCount('--repeats', values.repeats),
    jobs: readCount('--jobs', values.jobs),
  }
}

function readCount(flag: string, value: string): number {
  if (/^[1-9]\d{0,3}$/.test(value)) return Number(value)
  throw new Error(`${flag} is ${value}; it takes a number from 1 to 9999.`)
}

async function runAll(trials: readonly Trial[], repeats: number, jobs: number): Promise<TrialResult[]> {
  const format = '{bar} {value}/{total} trials, {failed} failed, {duration_formatted}, {trial}'
  const bar = new SingleBar(
    { format, noTTYOutput: true, notTTYSchedule: 10_000, hideCursor: true },
    Presets.shades_classic,
  )
  bar.start(trials.length, 0, { failed: 0, trial: '' })
  const limit = pLimit(jobs)
  let failed = 0
  const results = await limit.map(trials, async (trial) => {
    const result = await runTrial(trial, repeats)
    if (!hasPassed(result)) {
      failed++
      // Above the bar: a run of minutes must not keep it to itself.
      process.stderr.write(`\n${listNotes(result).join('\n')}\n`)
    }
    bar.increment({ failed, trial: `${nameCase(trial.case)} (${trial.variant})`.slice(0, 60) })
    return result
  })
  bar.stop()
  return results
}

/** Runs the battery as the command line says; resolves to the exit code. */
async function main(): Promise<number> {
  const { repeats, only, jobs, output, list } = readOptions()
  const trials = listTrials(batteryCases, only)
  if (trials.length === 0) throw new Error(`No case matches --only ${only.join(',')}; --list names them all.`)
  if (list) {
    for (const trial of trials) console.log(`${nameCase(trial.case)} (${trial.variant}): ${trial.case.expected}`)
    return 0
  }
  const results = await runAll(trials, repeats, jobs)
  const table = formatTable(results)
  console.log(`\n${table}`)
  if (output !== undefined) {
    writeFileSync(output, output.endsWith('.json') ? `${JSON.stringify(results, null, 2)}\n` : table)
  }
  return results.every(hasPassed) ? 0 : 1
}

try {
  process.exitCode = await main()
} catch (error) {
  console.error(`${error instanceof Error ? error.message : String(error)}\n${usage}`)
  process.exitCode = 2
}
