import { markdownTable } from 'markdown-table'
import type { Ledger, Minute } from './ledger.ts'

/** What the memory of the embedder's process may grow from the middle third of the samples to the last. */
const maxGrowthMb = 16

export interface SoakReport {
  readonly seed: number
  readonly minutes: readonly MinuteReport[]
  /** The 99th percentile of clean logins beside hostile ones, divided by that of the baseline. */
  readonly p99Ratio: number
  /** Of the parent's memory, by least squares. */
  readonly rssSlopeMbPerMinute: number
  readonly complaints: readonly string[]
}

interface MinuteReport {
  readonly minute: number
  readonly phase: 'baseline' | 'hostile'
  readonly clean: Readonly<Record<string, number>>
  readonly hostile: Readonly<Record<string, number>>
  readonly faults: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly parentRssMb: number
  readonly workersRssMb: number
}

const readMs = ({ latencyUs }: Minute, percentile: number): number =>
  latencyUs.count === 0 ? 0 : latencyUs.percentile(percentile) / 1_000

/** Makes the report of a soak. `rssMb` are samples of the parent's memory beside hostile logins, at equal intervals. */
export function judgeSoak(ledger: Ledger, rssMb: readonly number[], sampleMs: number, seed: number): SoakReport {
  const complaints = [...ledger.complaints]
  const third = Math.floor(rssMb.length / 3)
  const growthMb = median(rssMb.slice(-third)) - median(rssMb.slice(third, -third))
  if (third > 0 && growthMb > maxGrowthMb) complaints.push(`the parent's memory grew by ${growthMb.toFixed(1)} MB`)
  const minutes = ledger.minutes.map((minute, index) => ({
    minute: index + 1,
    phase: minute.hasHostile ? ('hostile' as const) : ('baseline' as const),
    clean: minute.clean,
    hostile: minute.hostile,
    faults: minute.faults,
    p50Ms: readMs(minute, 50),
    p99Ms: readMs(minute, 99),
    parentRssMb: minute.parentRssMb,
    workersRssMb: minute.workersRssMb,
  }))
  const p99Ratio = readPhaseMs(ledger, true) / readPhaseMs(ledger, false)
  return { seed, minutes, p99Ratio, rssSlopeMbPerMinute: (fitSlope(rssMb) * 60_000) / sampleMs, complaints }
}

/** The 99th percentile of all clean logins of a phase. */
function readPhaseMs({ minutes }: Ledger, hasHostile: boolean): number {
  const [first, ...others] = minutes.filter((minute) => minute.hasHostile === hasHostile)
  if (first === undefined) return Number.NaN
  for (const { latencyUs } of others) first.latencyUs.add(latencyUs)
  return readMs(first, 99)
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

function fitSlope(values: readonly number[]): number {
  const meanX = (values.length - 1) / 2
  const meanY = values.reduce((sum, value) => sum + value, 0) / values.length
  const products = values.reduce((sum, value, x) => sum + (x - meanX) * (value - meanY), 0)
  const squares = values.reduce((sum, _, x) => sum + (x - meanX) ** 2, 0)
  return squares === 0 ? 0 : products / squares
}

const formatCounts = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([code, count]) => `${code} ${count}`)
    .join(', ')

/** Formats a report as Markdown. */
export function formatSoak({ seed, minutes, p99Ratio, rssSlopeMbPerMinute, complaints }: SoakReport): string {
  const header = ['minute', 'phase', 'clean', 'hostile', 'faults', 'p50 ms', 'p99 ms', 'parent MB', 'workers MB']
  const rows = minutes.map((one) => [
    String(one.minute),
    one.phase,
    formatCounts(one.clean),
    formatCounts(one.hostile),
    String(one.faults),
    one.p50Ms.toFixed(1),
    one.p99Ms.toFixed(1),
    one.parentRssMb.toFixed(0),
    one.workersRssMb.toFixed(0),
  ])
  const sums = [
    `p99 of clean logins beside hostile ones ÷ baseline: ${p99Ratio.toFixed(2)}`,
    `Slope of the parent's memory: ${rssSlopeMbPerMinute.toFixed(2)} MB a minute`,
    `Seed: ${seed}`,
    complaints.length === 0 ? 'Every login had exactly one outcome, and no clean one was blamed.' : 'Failed:',
    ...complaints.map((complaint) => `- ${complaint}`),
  ]
  return `${markdownTable([header, ...rows])}\n\n${sums.join('\n')}\n`
}
