import { expect, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.ts'

test('what earlier rulesets keep in memory is not laid to a login of a later one', { timeout: 120_000 }, async () => {
  const limits = { workers: 1, workerRssMb: 260, cpuPerRuleMs: 2_000, cpuPerLoginMs: 4_000 }
  const engine = createEngine({ rules: [], limits })
  const outcomes: string[] = []
  for (let index = 0; index < 16; index++) {
    // Each keeps some 16 MB, and sixteen rulesets stay ready where there is room for them.
    const script = `(user, context, callback) => {
      global.kept = global.kept || Array.from({ length: 2_000_000 }, (_, place) => place + ${index})
      callback(null, user, context)
    }`
    await engine.replace([{ name: 'keeps', script }])
    outcomes.push((await engine.run({ user: {} })).outcome)
  }
  await engine.close()
  expect(outcomes).toEqual(outcomes.map(() => 'allow'))
})
