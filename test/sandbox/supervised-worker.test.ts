import { expect, test } from 'vitest'
import { defaultLimits } from '../../src/sandbox/wire/limits.ts'
import type { FromWorker, Program, RunResult, ToWorker } from '../../src/sandbox/wire/protocol.ts'
import type { QueuedRun } from '../../src/sandbox/host/queued-run.ts'
import type { WorkerEnd } from '../../src/sandbox/host/supervised-options.ts'
import { SupervisedWorker } from '../../src/sandbox/host/supervised-worker.ts'
import type { WorkerEvents, WorkerProcess } from '../../src/sandbox/host/worker-process.ts'

const program: Program = { hash: 'h', trigger: 'post-login', rules: [], configuration: {}, realm: 'hardened' }
const wallMs = 1_000
const done = { type: 'done', status: 'ok', login: '', rules: '[]' } as const

/** A worker whose process is a fake: the test says what it sends and when it exits. `nowMs` moves by `pass` alone. */
function supervise() {
  let nowMs = 0
  const sent: ToWorker[] = []
  const log: string[] = []
  const ends: WorkerEnd[] = []
  const results = new Map<number, RunResult>()
  let callbacks: WorkerEvents | undefined
  const process: WorkerProcess = {
    // Without a pid, neither CPU nor memory is read.
    pid: undefined,
    syncChannel: undefined,
    send: (message) => sent.push(message),
    kill: () => log.push('SIGKILL'),
    setReferenced: (isReferenced) => log.push(isReferenced ? 'ref' : 'unref'),
  }
  const worker = new SupervisedWorker(
    { limits: defaultLimits, network: {}, nowMs: () => nowMs },
    {
      onReady: () => log.push('ready'),
      onCapacity: () => log.push('capacity'),
      onEvicted: ({ id }) => log.push(`evicted ${id}`),
      onExit: (end) => ends.push(end),
    },
    (_options, events) => {
      callbacks = events
      return process
    },
  )
  return {
    worker,
    log,
    ends,
    results,
    sentTypes: () => sent.map(({ type }) => type),
    receive: (message: FromWorker) => callbacks?.onMessage(message),
    violate: () => callbacks?.onViolation(),
    exit: (signal: NodeJS.Signals | null = null) => callbacks?.onExit({ signal, exitCode: 1, stderrTail: 'tail' }),
    check: async (passMs = 0) => worker.checkHealth((nowMs += passMs)),
    pass(ms: number) {
      nowMs += ms
    },
    run(id: number): QueuedRun {
      const run: QueuedRun = {
        id,
        program,
        input: { login: '', tenant: '', resumePoint: undefined, overrides: undefined, wallMs },
        answer: async () => '',
        resolve: (result) => results.set(id, result),
        reject: () => undefined,
        hasSideEffects: false,
        attempts: 0,
        deadlineMs: 0,
      }
      worker.run(run)
      return run
    },
  }
}

test('starting: it takes runs, whose deadlines begin when it is ready', async () => {
  const { worker, run, pass, check, receive, exit, sentTypes, ends, log } = supervise()
  const first = run(1)
  expect([worker.state, worker.isAvailable, worker.load]).toEqual(['starting', true, 1])
  expect(sentTypes()).toEqual(['run'])
  await check(5 * wallMs)
  expect(worker.state).toBe('starting')
  pass(100)
  receive({ type: 'ready' })
  expect(worker.state).toBe('ready')
  expect(log).toEqual(['unref', 'ref', 'ready'])
  expect(first.deadlineMs).toBe(6 * wallMs + 100 + defaultLimits.killAfterMs)

  const other = supervise()
  other.run(1)
  other.exit()
  expect(other.ends).toMatchObject([{ runs: [{ id: 1 }], reason: 'crash', hasStarted: false, stderrTail: 'tail' }])
  expect(other.worker.state).toBe('exited')
  exit()
  expect(ends).toMatchObject([{ hasStarted: true }])
})

test('starting: a start that takes too long is killed, if a run waits for it', async () => {
  const { worker, check, run } = supervise()
  await check(60_000)
  expect(worker.state).toBe('starting')
  run(1)
  await check(1)
  expect(worker.state).toBe('killed')
})

test('ready: runs end with their results, and a worker without runs keeps no process alive', async () => {
  const { worker, receive, run, log, results, check, sentTypes } = supervise()
  receive({ type: 'ready' })
  run(1)
  run(2)
  receive({ type: 'need', hash: 'h' })
  await check()
  expect(sentTypes()).toEqual(['run', 'run', 'program', 'ping'])
  receive({ ...done, id: 1 })
  receive({ type: 'evicted', id: 2 })
  expect([...results]).toEqual([[1, { status: 'ok', login: '', rules: [] }]])
  expect(worker.load).toBe(0)
  expect(log).toEqual(['unref', 'ready', 'ref', 'capacity', 'unref', 'evicted 2', 'capacity'])
  await check(60_000)
  expect([worker.state, worker.isAvailable]).toEqual(['ready', false])
  receive({ type: 'pong' })
  expect(worker.isAvailable).toBe(true)
})

test('ready, and unresponsive while a ping is unanswered', async () => {
  const { worker, receive, run, check, pass } = supervise()
  receive({ type: 'ready' })
  run(1)
  await check()
  pass(59)
  expect(worker.isAvailable).toBe(true)
  pass(1)
  expect([worker.state, worker.isAvailable]).toEqual(['ready', false])
  receive({ type: 'pong' })
  expect(worker.isAvailable).toBe(true)
})

test('killed: it gets no more runs, its earlier messages count, and the first reason stays', async () => {
  const { worker, receive, run, check, log, violate, results, exit, ends } = supervise()
  receive({ type: 'ready' })
  run(1)
  run(2)
  const third = run(3)
  await check(wallMs + defaultLimits.killAfterMs + 1)
  expect([worker.state, worker.isAvailable]).toEqual(['killed', false])
  expect(() => run(4)).toThrow('a worker cannot run anything once it is killed')
  violate()
  worker.kill('external')
  await check(1)
  expect(log.filter((entry) => entry === 'SIGKILL')).toHaveLength(1)
  receive({ ...done, id: 1 })
  receive({ type: 'sideEffect', id: 3 })
  expect([...results.keys()]).toEqual([1])
  expect(third.hasSideEffects).toBe(true)
  exit('SIGKILL')
  expect(ends).toMatchObject([{ runs: [{ id: 2 }, { id: 3 }], reason: 'deadline', hasStarted: true }])
})

test('killed while starting: a `ready` that arrives late says that its runs may have begun', () => {
  const { worker, receive, exit, ends, log } = supervise()
  worker.kill('external')
  receive({ type: 'ready' })
  expect([worker.state, log]).toEqual(['killed', ['unref', 'SIGKILL']])
  exit('SIGKILL')
  expect(ends).toMatchObject([{ reason: 'external', hasStarted: true }])
})

test.each([
  ['a second ready', { type: 'ready' }],
  ['records that are not', { ...done, id: 1, rules: '{}' }],
  ['counts that are not', { type: 'coverage', hash: 'h', counts: '{}' }],
] as const)('killed for a violation: %s', (_what, message) => {
  const { worker, receive, run, exit, ends, results } = supervise()
  receive({ type: 'ready' })
  run(1)
  receive(message)
  expect(worker.state).toBe('killed')
  exit('SIGKILL')
  expect(ends).toMatchObject([{ runs: [{ id: 1 }], reason: 'violation' }])
  expect(results.size).toBe(0)
})

test.each([
  ['SIGKILL', 'external'],
  ['SIGTERM', 'external'],
  ['SIGABRT', 'crash'],
  [null, 'crash'],
] as const)('exited by %s without a kill of ours: %s', (signal, reason) => {
  const { worker, receive, run, exit, ends } = supervise()
  receive({ type: 'ready' })
  run(1)
  exit(signal)
  expect([worker.state, worker.isAvailable, worker.load]).toEqual(['exited', false, 0])
  expect(ends).toMatchObject([{ runs: [{ id: 1 }], reason, hasStarted: true }])
})

test('exited: nothing leads out of it', async () => {
  const { worker, receive, run, exit, log, check } = supervise()
  exit()
  worker.kill('memory')
  receive({ type: 'ready' })
  await check(60_000)
  expect([worker.state, log]).toEqual(['exited', ['unref']])
  expect(() => run(1)).toThrow('a worker cannot run anything once it is exited')
  expect(() => exit()).toThrow('a worker can exit only once')
})
