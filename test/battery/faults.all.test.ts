import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.ts'
import { workerPids } from '../sandbox/worker-pids.ts'

const onLinux = process.platform === 'linux'
const slow = `function (user, context, callback) {
  if (user.calls) return auth0.users.updateAppMetadata('a', {}).then(function () { setTimeout(function () { callback(null, user, context) }, 5000) });
  if (user.slow && !global[user.name]) { global[user.name] = true; setTimeout(function () { callback(null, user, context) }, 3000); return; }
  callback(null, user, context);
}`

function makeEngine(called: () => void = () => undefined): ReturnType<typeof createEngine> {
  return createEngine({
    rules: [{ name: 'slow', script: slow }],
    limits: { workers: 1 },
    users: {
      async updateAppMetadata() {
        called()
      },
    },
  })
}

describe.runIf(onLinux)('a worker that is lost', () => {
  test.each(['SIGKILL', 'SIGSTOP'] as const)(
    'to %s: a login that has done nothing outside runs again',
    async (signal) => {
      const engine = makeEngine()
      await engine.run({ user: { name: 'warm' } })
      const [pid = 0] = workerPids()
      const under = Promise.all(['ada', 'bob'].map((name) => engine.run({ user: { name, slow: true } })))
      // The worker has taken them once it has answered one that came later.
      await engine.run({ user: { name: 'marker' } })
      process.kill(pid, signal)
      expect(await under).toMatchObject([
        { outcome: 'allow', user: { name: 'ada' } },
        { outcome: 'allow', user: { name: 'bob' } },
      ])
      expect(await engine.run({ user: { name: 'after' } })).toMatchObject({ outcome: 'allow' })
      await engine.close()
      expect(existsSync(`/proc/${pid}/exe`)).toBe(false)
    },
  )

  test('takes along a login that has called out: it must not call twice', async () => {
    let calls = 0
    const called = Promise.withResolvers<void>()
    const engine = makeEngine(() => {
      calls++
      called.resolve()
    })
    const under = engine.run({ user: { name: 'ada', calls: true } })
    await called.promise
    for (const pid of workerPids()) process.kill(pid, 'SIGKILL')
    expect(await under).toMatchObject({ outcome: 'error', error: { code: 'WORKER_LOST' } })
    expect(calls).toBe(1)
    await engine.close()
  })
})

describe.runIf(onLinux)('worker processes', () => {
  test('end with the engine, and leave no zombies', async () => {
    const engine = makeEngine()
    await engine.run({ user: {} })
    const pids = workerPids()
    expect(pids.length).toBeGreaterThan(0)
    await engine.close()
    await expect.poll(() => pids.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([])
  })

  test('may read neither files nor the environment', async () => {
    const engine = makeEngine()
    await engine.run({ user: {} })
    const [pid = 0] = workerPids()
    const flags = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
    const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').filter(Boolean)
    expect(flags).toContain('--permission')
    expect(
      environment
        .map((entry) => entry.split('=')[0])
        .filter((name) => !/^(NODE_CHANNEL|NODE_EXTRA_CA_CERTS|TZ)/.test(name ?? '')),
    ).toEqual([])
    await engine.close()
  })
})

test('an engine that nobody closes does not keep its process alive', async () => {
  const script = `
    import { createEngine } from ${JSON.stringify(fileURLToPath(new URL('../../src/engine/engine.ts', import.meta.url)))}
    const engine = createEngine({ rules: [{ name: 'x', script: '(user, context, callback) => callback(null, user, context)' }] })
    const { outcome } = await engine.run({ user: {} })
    console.log(outcome)`
  const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [[line], [exitCode]] = (await Promise.all([once(child.stdout, 'data'), once(child, 'exit')])) as [
    [Buffer],
    [number],
  ]
  expect([line.toString().trim(), exitCode]).toEqual(['allow', 0])
})
