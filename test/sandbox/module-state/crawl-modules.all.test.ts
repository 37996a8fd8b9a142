import { expect, test } from 'vitest'
import { crawlModules, ownGlobals, ownModules } from './crawl-modules.ts'
import { useHardenedRealm } from './use-hardened-realm.ts'

const realm = useHardenedRealm(crawlModules, {
  limits: {
    cpuPerRuleMs: 110_000,
    cpuPerLoginMs: 110_000,
    wallPerRuleMs: 110_000,
    wallPerLoginMs: 110_000,
    isolateHeapMb: 1_024,
    workerRssMb: 3_000,
    maxOutputBytes: 5_000_000,
    maxRequests: 1,
    maxTimers: 10_000,
    maxPendingCalls: 5_000,
  },
})

test(
  'whatever a login does to our modules, the next login in its realm finds nothing of it',
  { timeout: 300_000 },
  async () => {
    const first = await realm.run({})
    const second = await realm.run({})
    for (const { outcome } of [first, second]) {
      expect([outcome.outcome, outcome.reason]).toEqual(['allow', undefined])
      const { user } = outcome
      expect(user['visited']).toEqual([...ownModules, ...ownGlobals.map((name) => `global ${name}`)])
      expect(user['places']).toBeGreaterThan(20 * (ownModules.length + ownGlobals.length))
      expect(user).toMatchObject({ marks: [], carriers: [], late: 0 })
    }
    // It was the realm of the first login, and that login did try.
    expect([first.outcome.user['sameRealm'], second.outcome.user['sameRealm']]).toEqual([false, true])
    expect(first.result.sharedWrite).toBeDefined()
  },
)
