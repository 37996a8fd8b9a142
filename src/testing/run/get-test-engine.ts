import { type TestEngine, createTestEngine } from '../../engine/run/test-engine.ts'

/** A test may ask as often as it likes: these limits are there for what goes wrong, not for what rules may do. */
const limits = {
  workers: 1,
  maxPendingCalls: 1_000,
  maxIsolates: 24,
  workerRssMb: 1_024,
  // Test runners give a test five seconds: the outcome, which says what was wrong, is to come before that.
  wallPerRuleMs: 4_500,
}

let testEngine: TestEngine | undefined

/** The one sandbox of this process, which its worker ends with. */
export function getTestEngine(): TestEngine {
  return (testEngine ??= createTestEngine(limits))
}
