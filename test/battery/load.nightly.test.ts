import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, describe, expect, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.ts'
import type { Engine } from '../../src/engine/ports/engine.ts'
import type { Outcome } from '../../src/engine/outcome/outcome.ts'
import { workerPids } from '../sandbox/worker-pids.ts'

const onLinux = process.platform === 'linux'

/** Waits for some, calls out for some, and is ruinous for one. */
const script = `async function (user, context, callback) {
  if (user.kind === 'poison') [...'x'.repeat(5e8)];
  if (user.kind === 'calls') await auth0.users.updateAppMetadata(user.name, {});
  if (user.kind !== 'quick') await new Promise((resolve) => setTimeout(resolve, 20));
  user.seen = user.name; context.idToken.sub2 = user.name;
  callback(null, user, context);
}`
const calls = new Map<string, number>()
const engines: Engine[] = []
afterAll(() => Promise.all(engines.map((engine) => engine.close())))

function start(workers: number): Engine {
  const engine = createEngine({
    rules: [{ name: 'load', script }],
    limits: { workers },
    users: {
      async updateAppMetadata(id) {
        calls.set(id, (calls.get(id) ?? 0) + 1)
      },
    },
  })
  engines.push(engine)
  return engine
}

/** Begins a hundred logins a second, for as long as `seconds` say. */
async function load(engine: Engine, seconds: number, kindOf: (index: number) => string): Promise<Outcome[]> {
  const logins: Promise<Outcome>[] = []
  for (let index = 0; index < seconds * 100; index++) {
    logins.push(engine.run({ user: { name: `user-${index}`, kind: kindOf(index) }, context: { idToken: {} } }))
    await pause(10)
  }
  return Promise.all(logins)
}

function expectOwn(outcomes: readonly Outcome[]): void {
  for (const [index, { outcome, user, claims }] of outcomes.entries()) {
    expect(user.name).toBe(`user-${index}`)
    if (outcome === 'allow') expect([user['seen'], claims.idToken['sub2']]).toEqual([user.name, user.name])
  }
}

describe.runIf(onLinux)('FT-01: under a hundred logins a second', () => {
  test('killed workers cost nobody a login that had done nothing outside, and nobody calls twice', async () => {
    const engine = start(2)
    await engine.run({ user: { name: 'warm' }, context: { idToken: {} } })
    let kills = 0
    const killer = setInterval(() => {
      const pids = workerPids()
      const pid = pids[kills % Math.max(1, pids.length)]
      if (pid !== undefined) process.kill(pid, kills % 3 === 2 ? 'SIGSTOP' : 'SIGKILL')
      kills++
    }, 800)
    const outcomes = await load(engine, 4, (index) => ['quick', 'waits', 'calls'][index % 3] ?? '')
    clearInterval(killer)
    expect(kills).toBeGreaterThan(3)
    expectOwn(outcomes)
    const ended = (index: number): string => outcomes[index]?.error?.code ?? outcomes[index]?.outcome ?? ''
    const codes = outcomes.map((_, index) => ended(index))
    const called = codes.filter((_, index) => index % 3 === 2)
    expect(called.filter((code) => code !== 'allow' && code !== 'WORKER_LOST')).toEqual([])
    // A worker may be lost twice over one login; then it is said so, and nothing else goes wrong.
    const others = codes.filter((code, index) => index % 3 !== 2 && code !== 'allow')
    expect(others.filter((code) => code !== 'WORKER_LOST')).toEqual([])
    expect(others.length).toBeLessThan(10)
    expect([...calls.values()].filter((count) => count > 1)).toEqual([])
    expect(await engine.run({ user: { name: 'after' }, context: { idToken: {} } })).toMatchObject({ outcome: 'allow' })
  }, 60_000)

  test('one login in a hundred that ruins its worker leaves the others alone', async () => {
    const engine = start(2)
    const outcomes = await load(engine, 3, (index) =>
      index % 100 === 50 ? 'poison' : index % 2 === 0 ? 'quick' : 'waits',
    )
    expectOwn(outcomes)
    const poisoned = outcomes.filter((_, index) => index % 100 === 50)
    expect(poisoned.filter(({ error }) => !/^RULE_(CPU|MEMORY|TIMEOUT)$/.test(error?.code ?? ''))).toEqual([])
    expect(outcomes.filter(({ outcome }) => outcome === 'allow')).toHaveLength(297)
  }, 60_000)
})
