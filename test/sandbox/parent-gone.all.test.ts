import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { connectDevTools } from '../cli/dev-tools.ts'
import { startClaimsmith } from '../cli/command.ts'
import { createEngine } from '../../src/engine/engine.ts'
import { temporaryFolder } from '../rules/temporary-folder.ts'
import { watcherPids, workerPids } from './worker-pids.ts'

const script = '(user, context, callback) => callback(null, user, context)'
/** Ten ticks of the kernel's clock: no worker takes as long to pick up a message. */
const busyTicks = 10
const patience = { timeout: 10_000 }

/** Starts a process whose workers do `task`, and resolves when they have been told. */
async function startParent(task: string, options: { readonly detached?: boolean } = {}): Promise<ChildProcess> {
  const file = fileURLToPath(new URL('parent-process.ts', import.meta.url))
  const parent = spawn(process.execPath, [file, task], { ...options, stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void parent.kill('SIGKILL'))
  await once(parent.stdout, 'data')
  return parent
}

/** Kills a process; the result lists which of its workers and their watchers are left. */
function kill(parent: ChildProcess): () => readonly number[] {
  const workers = workerPids(parent.pid)
  const watchers = watcherPids(parent.pid)
  expect([workers.length > 0, watchers.length]).toEqual([true, workers.length])
  parent.kill('SIGKILL')
  return () => [...workers, ...watchers].filter(isRunning)
}

function isRunning(pid: number): boolean {
  return existsSync(`/proc/${pid}/exe`)
}

/** What Linux says of a process after its name: its state first, the ticks of CPU as the 12th and 13th. */
function statOf(pid: number): readonly string[] {
  return readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')
}

function cpuTicks(pid: number): number {
  return Number(statOf(pid)[11]) + Number(statOf(pid)[12])
}

describe.runIf(process.platform === 'linux')('a worker ends when its parent is killed', () => {
  test.each(['idle', 'spare', 'start', 'host call'])('in the state: %s', async (task) => {
    await expect.poll(kill(await startParent(task)), patience).toEqual([])
  })

  test.each(['loop', 'builtin'])('in an endless %s', async (task) => {
    const parent = await startParent(task)
    const workers = workerPids(parent.pid)
    const before = workers.map(cpuTicks)
    const isBusy = (): boolean => workers.some((pid, index) => cpuTicks(pid) > before[index]! + busyTicks)
    await expect.poll(isBusy, patience).toBe(true)
    await expect.poll(kill(parent), patience).toEqual([])
  })

  test('stopped by a signal, as a terminal ends the whole group of processes', async () => {
    const parent = await startParent('idle', { detached: true })
    const workers = workerPids(parent.pid)
    for (const pid of workers) process.kill(pid, 'SIGSTOP')
    await expect.poll(() => workers.map((pid) => statOf(pid)[0])).toEqual(workers.map(() => 'T'))
    process.kill(-parent.pid!, 'SIGQUIT')
    await expect.poll(() => workers.filter(isRunning), patience).toEqual([])
  })

  test('stopped by a signal', async () => {
    const parent = await startParent('idle')
    const workers = workerPids(parent.pid)
    for (const pid of workers) process.kill(pid, 'SIGSTOP')
    await expect.poll(() => workers.map((pid) => statOf(pid)[0])).toEqual(workers.map(() => 'T'))
    await expect.poll(kill(parent), patience).toEqual([])
  })

  test('at a breakpoint of a debugger', async () => {
    const folder = temporaryFolder({ 'plain.js': `module.exports = ${script}` })
    const { child, printed } = await startClaimsmith(['run', folder, '--inspect=0'], /Debugger listening on ws:.*\n/)
    onTestFinished(() => void child.kill('SIGKILL'))
    const devTools = await connectDevTools(/ws:\S+/.exec(printed())![0])
    await devTools.begin()
    await devTools.paused()
    await expect.poll(kill(child), patience).toEqual([])
  })
})

describe.runIf(process.platform === 'linux')('the watcher of a worker', () => {
  test('ends with its worker while the parent goes on', async () => {
    const engine = createEngine({ rules: [{ name: 'plain', script }], limits: { workers: 1 } })
    onTestFinished(() => engine.close())
    await engine.run({ user: {} })
    const [worker] = workerPids()
    const [watcher] = watcherPids()
    process.kill(worker!, 'SIGKILL')
    await expect.poll(() => existsSync(`/proc/${watcher}`)).toBe(false)
    expect(await engine.run({ user: {} })).toMatchObject({ outcome: 'allow' })
  })

  test('is gone, and no zombie, when its engine is closed', async () => {
    const engine = createEngine({ rules: [{ name: 'plain', script }], limits: { workers: 2 } })
    await engine.run({ user: {} })
    const watchers = watcherPids()
    expect(watchers).toHaveLength(2)
    await engine.close()
    await expect.poll(() => watchers.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([])
  })

  test('does not keep alive a process whose engine nobody closes', async () => {
    const file = fileURLToPath(new URL('parent-process.ts', import.meta.url))
    const parent = spawn(process.execPath, [file, 'end'], { stdio: 'inherit' })
    expect(await once(parent, 'exit')).toEqual([0, null])
  })
})
