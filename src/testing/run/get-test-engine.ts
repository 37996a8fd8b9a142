import { type TestEngine, createTestEngine } from '../../engine/run/test-engine.ts'

/** Limits that only stop runaway tests: a test may call its rule as often as it likes. */
const limits = {
  workers: 1,
  maxPendingCalls: 1_000,
  maxIsolates: 24,
  workerRssMb: 1_024,
  // Test runners give a test five seconds. The outcome says what went wrong, so it comes before that.
  wallPerRuleMs: 4_500,
}

let testEngine: TestEngine | undefined

/** Returns the only sandbox of this process. Its worker ends with the process. */
export function getTestEngine(): TestEngine {
  return (testEngine ??= createTestEngine(limits))
}
