import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.ts'
import type { Engine } from '../../src/engine/ports/engine.ts'
import { workerPids } from '../sandbox/worker-pids.ts'

const script = `async function (user, context, callback) {
  if (user.waits) await new Promise((resolve) => setTimeout(resolve, 20));
  callback(null, user, context);
}`
const timeoutMs = 60_000

/** An engine with one worker, and the process id of that worker. */
function startEngine(): { readonly engine: Engine; readonly pid: number } {
  const before = new Set(workerPids())
  const engine = createEngine({ rules: [{ name: 'waits', script }], limits: { workers: 1 } })
  onTestFinished(() => engine.close())
  const [pid = 0] = workerPids().filter((child) => !before.has(child))
  return { engine, pid }
}

describe.runIf(process.platform === 'linux')('a worker', () => {
  test('that is stopped before it has started is replaced', { timeout: timeoutMs }, async () => {
    const { engine, pid } = startEngine()
    const login = engine.run({ user: { name: 'early' } })
    process.kill(pid, 'SIGSTOP')
    expect(await login).toMatchObject({ outcome: 'allow', user: { name: 'early' } })
    expect(existsSync(`/proc/${pid}/exe`)).toBe(false)
  })

  test('that is stopped gives back its only login, which runs again', { timeout: timeoutMs }, async () => {
    const { engine, pid } = startEngine()
    await engine.run({ user: { name: 'warm' } })
    process.kill(pid, 'SIGSTOP')
    expect(await engine.run({ user: { name: 'alone' } })).toMatchObject({ outcome: 'allow' })
  })

  test('at rest is small', async () => {
    const { engine, pid } = startEngine()
    await engine.run({ user: { name: 'warm' } })
    const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1])
    expect((pages * 4_096) / 1_048_576).toBeLessThan(120)
  })
})

test('a host that is held up itself blames no login', { timeout: timeoutMs }, async () => {
  const engine = createEngine({ rules: [{ name: 'waits', script }], limits: { workers: 1 } })
  onTestFinished(() => engine.close())
  await engine.run({ user: { name: 'warm' } })
  const login = engine.run({ user: { name: 'held', waits: true } })
  // The worker has it once it has answered one that came later.
  await engine.run({ user: { name: 'marker' } })
  for (const end = Date.now() + 1_500; Date.now() < end;);
  expect(await login).toMatchObject({ outcome: 'allow' })
})
