import type { Outcome } from '../../engine/outcome/outcome.ts'
import { type DryRun, type Lane, type LaneOptions, createLane } from './dry-lane.ts'

/** Runs rules over logins that are none: nothing that they do reaches the store. */
export interface DryRunner {
  /** Undefined where too many runs wait already. @throws {ClaimsmithError} RULE_SYNTAX, INVALID_RULESET, INVALID_LOGIN */
  run(dryRun: DryRun): Promise<Outcome> | undefined
  close(): Promise<void>
}

interface Waiting {
  start(lane: Lane): void
}

const maxLanes = 2
const maxWaiting = 16

/** Makes a runner with two lanes at most, which are opened when they are needed, and a short queue before them. */
export function createDryRunner(options: LaneOptions): DryRunner {
  const lanes: Lane[] = []
  const free: Lane[] = []
  const queue: Waiting[] = []

  function take(): Lane | undefined {
    const lane = free.pop()
    if (lane !== undefined || lanes.length === maxLanes) return lane
    const another = createLane(options)
    lanes.push(another)
    return another
  }

  /** Who answers requests is an engine's own, so that a recording gets one. */
  async function runRecorded(dryRun: DryRun, { fetch }: NonNullable<DryRun['recorded']>): Promise<Outcome> {
    const lane = createLane({ ...options, network: { fetch } })
    try {
      return await lane.run(dryRun)
    } finally {
      await lane.close()
    }
  }

  async function runOn(lane: Lane, dryRun: DryRun): Promise<Outcome> {
    try {
      return await (dryRun.recorded === undefined ? lane.run(dryRun) : runRecorded(dryRun, dryRun.recorded))
    } finally {
      const next = queue.shift()
      if (next === undefined) free.push(lane)
      else next.start(lane)
    }
  }

  return {
    run(dryRun) {
      const lane = take()
      if (lane !== undefined) return runOn(lane, dryRun)
      if (queue.length === maxWaiting) return undefined
      return new Promise<Lane>((start) => queue.push({ start })).then((one) => runOn(one, dryRun))
    },
    async close() {
      await Promise.all(lanes.map((lane) => lane.close()))
    },
  }
}
