import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.ts'
import { workerPids } from '../sandbox/worker-pids.ts'

const onLinux = process.platform === 'linux'
const script = '(user, context, callback) => callback(null, user, context)'
const makeEngine = (): ReturnType<typeof createEngine> =>
  createEngine({ rules: [{ name: 'pass', script }], limits: { workers: 1 } })

describe.runIf(onLinux)('worker processes', () => {
  test('end with the engine, and leave no zombies', async () => {
    const engine = makeEngine()
    await engine.run({ user: {} })
    const pids = workerPids()
    expect(pids.length).toBeGreaterThan(0)
    await engine.close()
    await expect.poll(() => pids.filter((pid) => existsSync(`/proc/${pid}`)), { timeout: 10_000 }).toEqual([])
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
        .filter((name) => !/^(NODE_CHANNEL|NODE_EXTRA_CA_CERTS|TZ|UV_THREADPOOL_SIZE)/.test(name ?? '')),
    ).toEqual([])
    await engine.close()
  })
})

test('an engine that nobody closes does not keep its process alive', async () => {
  const program = `
    import { createEngine } from ${JSON.stringify(fileURLToPath(new URL('../../src/engine/engine.ts', import.meta.url)))}
    const engine = createEngine({ rules: [{ name: 'x', script: '(user, context, callback) => callback(null, user, context)' }] })
    const { outcome } = await engine.run({ user: {} })
    console.log(outcome)`
  const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [[line], [exitCode]] = (await Promise.all([once(child.stdout, 'data'), once(child, 'exit')])) as [
    [Buffer],
    [number],
  ]
  expect([line.toString().trim(), exitCode]).toEqual(['allow', 0])
})
