import { randomInt } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { Presets, SingleBar } from 'cli-progress'
import { createEngine } from '../../src/engine/engine.ts'
import type { Engine } from '../../src/engine/ports/engine.ts'
import { startServers } from '../battery/cases/servers.ts'
import { workerPids } from '../sandbox/worker-pids.ts'
import { actNames, writeSoakRule } from './hostile-acts.ts'
import { formatSoak, judgeSoak } from './judge.ts'
import { Ledger } from './ledger.ts'
import { createRandom } from './random.ts'

const usage = 'Usage: npm run soak -- [--minutes N] [--seed N] [--output FILE.md|FILE.json]'
const loginsPerSecond = 100
/** More logins are not begun: the load is bounded. */
const maxOpen = 5_000
const hostileShare = 0.01
const baselineShare = 0.2
const sampleMs = 5_000
/** The mean time between two workers that are killed or stopped. */
const faultEveryMs = 20_000
const drainMs = 120_000
const closeMs = 30_000

interface Soak {
  readonly engine: Engine
  readonly ledger: Ledger
  readonly random: () => number
  readonly rssMb: number[]
  hasHostile: boolean
}

function readOptions() {
  const { values } = parseArgs({
    options: { minutes: { type: 'string', default: '30' }, seed: { type: 'string' }, output: { type: 'string' } },
  })
  const minutes = Number(values.minutes)
  const seed = Number(values.seed ?? randomInt(2 ** 31))
  if (!(minutes > 0)) throw new Error(`--minutes is ${values.minutes}; it takes a number above 0.`)
  if (!Number.isSafeInteger(seed)) throw new Error(`--seed is ${values.seed}; it takes a whole number.`)
  return { minutes, seed, output: values.output }
}

function beginLogin({ engine, ledger, random, hasHostile }: Soak, index: number): void {
  const isHostile = hasHostile && random() < hostileShare
  const id = `auth0|${index}`
  const user = { user_id: id, ...(isHostile && { act: Math.floor(random() * actNames.length) }) }
  ledger.begin(id)
  engine.run({ user }).then(
    (outcome) => ledger.end(outcome, isHostile),
    (error: unknown) => ledger.complain(`${id} has no outcome but ${String(error)}`),
  )
}

/** Begins logins at a steady rate until the time is over. */
async function load(soak: Soak, startedAtMs: number, endMs: number): Promise<void> {
  let begun = 0
  for (let nowMs = 0; nowMs < endMs; nowMs = performance.now() - startedAtMs) {
    const due = Math.floor((nowMs / 1_000) * loginsPerSecond)
    for (; begun < due; begun++) {
      // What is not begun is not made up for: the load stays steady.
      if (soak.ledger.openCount < maxOpen) beginLogin(soak, begun)
    }
    await pause(10)
  }
}

function readWorkersRssMb(): number {
  if (process.platform !== 'linux') return 0
  return workerPids().reduce((sum, pid) => {
    try {
      return sum + (Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * 4_096) / 1_048_576
    } catch {
      // It has ended meanwhile.
      return sum
    }
  }, 0)
}

function sample({ ledger, rssMb, hasHostile }: Soak): void {
  const minute = ledger.minutes.at(-1)
  if (minute === undefined) return
  minute.parentRssMb = process.memoryUsage().rss / 1_048_576
  minute.workersRssMb = readWorkersRssMb()
  if (hasHostile) rssMb.push(minute.parentRssMb)
}

/** Kills or stops a worker now and then, at times that the seed decides. */
async function injectFaults(soak: Soak, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await pause(soak.random() * 2 * faultEveryMs, undefined, { signal }).catch(() => undefined)
    const pids = process.platform === 'linux' && soak.hasHostile ? workerPids() : []
    const pid = pids[Math.floor(soak.random() * pids.length)]
    const minute = soak.ledger.minutes.at(-1)
    if (pid === undefined || signal.aborted || minute === undefined) continue
    process.kill(pid, soak.random() < 0.5 ? 'SIGKILL' : 'SIGSTOP')
    minute.faults++
  }
}

async function run(soak: Soak, minutes: number): Promise<void> {
  const endMs = minutes * 60_000
  const startedAtMs = performance.now()
  const bar = new SingleBar(
    {
      format: '{bar} {value}/{total} s, {phase}, {open} open, {wrong} wrong',
      noTTYOutput: true,
      notTTYSchedule: 30_000,
    },
    Presets.shades_classic,
  )
  bar.start(Math.round(endMs / 1_000), 0, { phase: 'baseline', open: 0, wrong: 0 })
  soak.ledger.startMinute(false)
  let minute = 0
  const ticker = setInterval(() => {
    const nowMs = performance.now() - startedAtMs
    const isNext = !soak.hasHostile && nowMs >= endMs * baselineShare
    soak.hasHostile ||= isNext
    if (isNext || Math.floor(nowMs / 60_000) > minute) soak.ledger.startMinute(soak.hasHostile)
    minute = Math.floor(nowMs / 60_000)
    const phase = soak.hasHostile ? 'hostile' : 'baseline'
    bar.update(Math.round(nowMs / 1_000), { phase, open: soak.ledger.openCount, wrong: soak.ledger.complaints.length })
  }, 250)
  const sampler = setInterval(() => sample(soak), sampleMs)
  const faults = new AbortController()
  const injecting = injectFaults(soak, faults.signal)
  await load(soak, startedAtMs, endMs)
  faults.abort()
  await injecting
  for (const end = performance.now() + drainMs; soak.ledger.openCount > 0 && performance.now() < end;) await pause(50)
  sample(soak)
  clearInterval(ticker)
  clearInterval(sampler)
  soak.ledger.close()
  bar.stop()
}

/** Soaks as the command line says; resolves to the exit code. */
async function main(): Promise<number> {
  const { minutes, seed, output } = readOptions()
  console.log(`Seed: ${seed}`)
  const servers = await startServers()
  const rules = [{ name: 'soak', script: writeSoakRule(servers) }]
  const users = { updateUserMetadata: async () => undefined }
  const engine = createEngine({ rules, users, network: { allow: ['127.0.0.1'] }, limits: { workers: 2 } })
  await engine.run({ user: { user_id: 'warm' } })
  const soak: Soak = { engine, ledger: new Ledger(), random: createRandom(seed), rssMb: [], hasHostile: false }
  await run(soak, minutes)
  const report = judgeSoak(soak.ledger, soak.rssMb, sampleMs, seed)
  const text = formatSoak(report)
  console.log(`\n${text}`)
  if (output !== undefined)
    writeFileSync(output, output.endsWith('.json') ? `${JSON.stringify(report, null, 2)}\n` : text)
  // Closing waits for logins under way. One that never ends has been reported, and must not keep this process.
  await Promise.race([engine.close(), pause(closeMs, undefined, { ref: false })])
  servers.close()
  return report.complaints.length === 0 ? 0 : 1
}

try {
  process.exit(await main())
} catch (error) {
  console.error(`${error instanceof Error ? error.message : String(error)}\n${usage}`)
  process.exitCode = 2
}
