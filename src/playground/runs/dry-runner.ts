import pLimit from 'p-limit'
import type { Outcome } from '../../engine/outcome/outcome.ts'
import { type DryRunInput, type DryRunEngine, type DryRunEngineOptions, createDryRunEngine } from './dry-run-engine.ts'

/** Runs rules over test logins. Nothing that they do reaches the store. */
export interface DryRunner {
  /**
   * Returns undefined if too many runs are waiting already.
   *
   * @throws {ClaimsmithError} RULE_SYNTAX, INVALID_RULESET or INVALID_LOGIN if the input is wrong
   */
  run(dryRun: DryRunInput): Promise<Outcome> | undefined
  close(): Promise<void>
}

const maxEngines = 2
const maxQueued = 16

/** Creates a runner with at most two engines, which are created on demand, and a queue of 16 runs. */
export function createDryRunner(options: DryRunEngineOptions): DryRunner {
  const limit = pLimit(maxEngines)
  const engines: DryRunEngine[] = []
  const idle: DryRunEngine[] = []

  function createEngine(): DryRunEngine {
    const engine = createDryRunEngine(options)
    engines.push(engine)
    return engine
  }

  /** Runs on a new engine: `fetch` is an option of an engine, and each recording has its own. */
  async function runRecorded(dryRun: DryRunInput, { fetch }: NonNullable<DryRunInput['recording']>): Promise<Outcome> {
    const engine = createDryRunEngine({ ...options, network: { fetch } })
    try {
      return await engine.run(dryRun)
    } finally {
      await engine.close()
    }
  }

  async function runOnIdleEngine(dryRun: DryRunInput): Promise<Outcome> {
    const engine = idle.pop() ?? createEngine()
    try {
      return await engine.run(dryRun)
    } finally {
      idle.push(engine)
    }
  }

  return {
    run(dryRun) {
      if (limit.pendingCount >= maxQueued) return undefined
      return limit(() =>
        dryRun.recording === undefined ? runOnIdleEngine(dryRun) : runRecorded(dryRun, dryRun.recording),
      )
    },
    async close() {
      await Promise.all(engines.map((engine) => engine.close()))
    },
  }
}
