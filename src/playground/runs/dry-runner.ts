import type { Outcome } from '../../engine/outcome/outcome.ts'
import { type DryRunInput, type DryRunEngine, type DryRunEngineOptions, createDryRunEngine } from './dry-run-engine.ts'

/** Runs rules over logins that are none: nothing that they do reaches the store. */
export interface DryRunner {
  /** Undefined where too many runs wait already. @throws {ClaimsmithError} RULE_SYNTAX, INVALID_RULESET, INVALID_LOGIN */
  run(dryRun: DryRunInput): Promise<Outcome> | undefined
  close(): Promise<void>
}

interface Waiter {
  onEngine(engine: DryRunEngine): void
}

const maxEngines = 2
const maxQueued = 16

/** Makes a runner with two lanes at most, which are opened when they are needed, and a short queue before them. */
export function createDryRunner(options: DryRunEngineOptions): DryRunner {
  const engines: DryRunEngine[] = []
  const idle: DryRunEngine[] = []
  const queue: Waiter[] = []

  function acquireEngine(): DryRunEngine | undefined {
    const engine = idle.pop()
    if (engine !== undefined || engines.length === maxEngines) return engine
    const created = createDryRunEngine(options)
    engines.push(created)
    return created
  }

  /** Who answers requests is an engine's own, so that a recording gets one. */
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
      const next = queue.shift()
      if (next === undefined) idle.push(engine)
      else next.onEngine(engine)
    }
  }

  return {
    run(dryRun) {
      const engine = acquireEngine()
      if (engine !== undefined) return runOn(engine, dryRun)
      if (queue.length === maxQueued) return undefined
      return new Promise<DryRunEngine>((onEngine) => queue.push({ onEngine })).then((freed) => runOn(freed, dryRun))
    },
    async close() {
      await Promise.all(engines.map((engine) => engine.close()))
    },
  }
}
