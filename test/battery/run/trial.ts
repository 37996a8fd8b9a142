import { execFile } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { BatteryCase } from '../cases/battery-case.ts'
import { nameCase } from '../cases/battery-case.ts'
import { batteryRows } from '../cases/rows.ts'
import type { VariantName } from '../cases/variants.ts'

/** One case in one of its variants. */
export interface Trial {
  readonly case: BatteryCase
  readonly variant: VariantName
}

/** What the process of a trial prints. */
export interface TrialReport {
  /** How the attacks ended, in order. */
  readonly ended: readonly string[]
  /** What went wrong beside them. */
  readonly complaints: readonly string[]
}

/** One line of the table. */
export interface TrialResult {
  readonly id: string
  readonly class: string
  readonly mechanism: string
  readonly variant: VariantName
  readonly expected: string
  readonly repeats: number
  /** How many repeats ended as expected. */
  readonly passed: number
  readonly seconds: number
  readonly skipped?: string
  readonly complaints: readonly string[]
}

const runner = fileURLToPath(new URL('run-trial.ts', import.meta.url))
/** Processes of trials start in half the time if they need not compile the sources again. */
const compileCache = join(tmpdir(), 'claimsmith-battery')
const startMs = 240_000
const repeatMs = 60_000

/** Lists every case in each of its variants. `only` are the beginnings of ids, or parts of mechanisms or of names of variants. */
export function listTrials(cases: readonly BatteryCase[], only: readonly string[] = []): Trial[] {
  const trials = cases.flatMap((one) => one.variants.map((variant) => ({ case: one, variant })))
  return only.length === 0 ? trials : trials.filter((trial) => only.some((part) => matches(trial, part)))
}

function matches({ case: { id, mechanism }, variant }: Trial, part: string): boolean {
  return id.startsWith(part.toUpperCase()) || `${mechanism} (${variant})`.includes(part)
}

/** Whether every repeat ended as expected, and nothing else went wrong. */
export function hasPassed({ skipped, passed, repeats, complaints }: TrialResult): boolean {
  return skipped !== undefined || (passed === repeats && complaints.length === 0)
}

/** Lists why a trial failed or was skipped, a line each. */
export function listNotes(result: TrialResult): string[] {
  const { id, mechanism, variant, skipped, complaints } = result
  const name = `- ${id} ${mechanism} (${variant})`
  if (skipped !== undefined) return [`${name}: skipped, because ${skipped}`]
  return complaints.map((complaint) => `${name}: ${complaint}`)
}

/** Runs a trial in a process of its own. Whatever becomes of that process, it resolves to a result. */
export async function runTrial(trial: Trial, repeats: number): Promise<TrialResult> {
  const { id, mechanism, expected, findReasonToSkip } = trial.case
  const facts = { id, class: batteryRows[id].class, mechanism, variant: trial.variant, expected, repeats }
  const skipped = await findReasonToSkip?.()
  if (skipped !== undefined) return { ...facts, passed: 0, seconds: 0, skipped, complaints: [] }
  const startedAtMs = performance.now()
  const report = await runProcess({ name: nameCase(trial.case), variant: trial.variant, repeats })
  const unexpected = report.ended.filter((end) => end !== expected)
  const complaints = [...new Set([...unexpected.map((end) => `ended with ${end}`), ...report.complaints])]
  const passed = report.ended.length - unexpected.length
  return { ...facts, passed, seconds: (performance.now() - startedAtMs) / 1_000, complaints }
}

/** What the process of a trial is given. */
export interface TrialInput {
  readonly name: string
  readonly variant: VariantName
  readonly repeats: number
}

function runProcess(input: TrialInput): Promise<TrialReport> {
  const timeout = startMs + input.repeats * repeatMs
  const env = { ...process.env, NODE_COMPILE_CACHE: compileCache }
  const options = { env, timeout, killSignal: 'SIGKILL', maxBuffer: 10_000_000 } as const
  return new Promise((resolve) => {
    execFile(process.execPath, [runner, JSON.stringify(input)], options, (error, stdout, stderr) => {
      if (error === null) return resolve(JSON.parse(stdout) as TrialReport)
      const how = error.killed === true ? `was killed after ${timeout} ms` : `exited with ${error.code ?? error.signal}`
      resolve({ ended: [], complaints: [`its process ${how}: ${stderr.trim().slice(-500)}`] })
    })
  })
}
