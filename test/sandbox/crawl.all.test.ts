import { expect, test } from 'vitest'
import { useEngine } from '../engine/use-engine.ts'
import { crawlScript } from './crawl-script.ts'

const { engine, run } = useEngine({
  limits: {
    cpuPerRuleMs: 15_000,
    cpuPerLoginMs: 15_000,
    wallPerRuleMs: 15_000,
    isolateHeapMb: 512,
    workerRssMb: 2_000,
    maxOutputBytes: 5_000_000,
  },
})

/**
 * SE-01, SE-02, SE-08. Whatever two logins can both reach must be frozen and hold no state of its own: no property, no
 * entry of a Map, no time of a Date, no byte of a buffer.
 */
test('nothing that two logins can reach can carry anything from one to the other, nor leads out of the realm', async () => {
  const first = await run(crawlScript)
  const second = await engine.run({ user: {}, context: {} })
  for (const { outcome, reason, user } of [first, second]) {
    expect([outcome, reason]).toEqual(['allow', undefined])
    expect(user['count']).toBeGreaterThan(5_000)
    expect(user).toMatchObject({ carriers: [], hosts: [], escapes: [] })
  }
  // The second login did get the realm of the first, so the comparison says something.
  expect([first.user['sameRealm'], second.user['sameRealm']]).toEqual([false, true])
})
