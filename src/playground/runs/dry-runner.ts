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
  const engines: DryRunEngine[] = []
  const idle: DryRunEngine[] = []
  /** Each resolves a waiting run with the engine that it gets. */
  const queue: ((engine: DryRunEngine) => void)[] = []

  function acquireEngine(): DryRunEngine | undefined {
    const engine = idle.pop()
    if (engine !== undefined || engines.length === maxEngines) return engine
    const created = createDryRunEngine(options)
    engines.push(created)
    return created
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

  async function runOn(engine: DryRunEngine, dryRun: DryRunInput): Promise<Outcome> {
    try {
      return await (dryRun.recording === undefined ? engine.run(dryRun) : runRecorded(dryRun, dryRun.recording))
    } finally {
      const resolveNext = queue.shift()
      if (resolveNext === undefined) idle.push(engine)
      else resolveNext(engine)
    }
  }

  return {
    run(dryRun) {
      const engine = acquireEngine()
      if (engine !== undefined) return runOn(engine, dryRun)
      if (queue.length === maxQueued) return undefined
      return new Promise<DryRunEngine>((resolve) => queue.push(resolve)).then((freed) => runOn(freed, dryRun))
    },
    async close() {
      await Promise.all(engines.map((engine) => engine.close()))
    },
  }
}
