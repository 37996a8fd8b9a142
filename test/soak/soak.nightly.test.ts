import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, onTestFinished, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.ts'
import { watcherPids, workerPids } from '../sandbox/worker-pids.ts'

/** Set CLAIMSMITH_SOAK_LOGINS for a longer one: a hundred thousand take about a minute. */
const logins = Number(process.env['CLAIMSMITH_SOAK_LOGINS'] ?? 100_000)
const atOnce = 50
const workers = 2
/** What a process may hold more after all logins than after a tenth of them. */
const maxGrowthMb = 16

/** One login in a hundred is hostile; what its rule does, and how it ends. */
const hostile = [
  { act: `for (;;);`, ends: 'RULE_CPU' },
  { act: `throw new Error('broken')`, ends: 'RULE_THREW' },
  { act: `return new Promise(function () {})`, ends: 'RULE_NO_CALLBACK' },
  { act: `for (var i = 0; i < 1e4; i++) setTimeout(function () {}, 0)`, ends: 'LIMIT_EXCEEDED' },
  { act: `user.text = 'x'.repeat(1e6); return callback(null, user, context)`, ends: 'RULE_OUTPUT' },
] as const

const script = `function (user, context, callback) {
  switch (user.act) {
    ${hostile.map(({ act }, index) => `case ${index}: ${act}; break;`).join('\n    ')}
    default: user.seen = user.user_id; callback(null, user, context)
  }
}`

function chooseAct(index: number): number | undefined {
  return index % 100 === 99 ? Math.floor(index / 100) % hostile.length : undefined
}

function measureHeapMb(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  return process.memoryUsage().heapUsed / 1_048_576
}

test(
  'logins beside hostile ones end with what is their own, and nothing is left of any',
  { timeout: 3_600_000 },
  async () => {
    const engine = createEngine({ rules: [{ name: 'soak', script }], limits: { workers } })
    onTestFinished(() => engine.close())
    const wrong: unknown[] = []
    const run = async (index: number): Promise<void> => {
      const id = `auth0|${index}`
      const act = chooseAct(index)
      const { outcome, error, user } = await engine.run({ user: { user_id: id, ...(act !== undefined && { act }) } })
      const ended = act === undefined ? [outcome, user['seen']] : [error?.code]
      const expected = act === undefined ? ['allow', id] : [hostile[act]?.ends]
      if (String(ended) !== String(expected)) wrong.push({ index, ended, expected })
    }
    let early = 0
    for (let start = 0; start < logins; start += atOnce) {
      if (start >= logins / 10 && early === 0) early = measureHeapMb()
      await Promise.all(Array.from({ length: atOnce }, (_, index) => run(start + index)))
    }
    expect(wrong).toEqual([])
    expect(measureHeapMb() - early).toBeLessThan(maxGrowthMb)
    await engine.close()
    if (process.platform !== 'linux') return
    await expect.poll(() => [...workerPids(), ...watcherPids()]).toEqual([])
  },
)
