import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createWorkerClock } from '../../src/sandbox/worker/run/clock.ts'
import { type RealmLease, Run } from '../../src/sandbox/worker/run/run.ts'
import { defaultLimits } from '../../src/sandbox/wire/limits.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const program = {
  hash: 'h',
  trigger: 'post-login',
  rules: ['first', 'second'].map((name) => ({
    name,
    kind: 'rule' as const,
    secrets: {},
    filename: name,
    onError: 'deny' as const,
    expression: '',
  })),
  configuration: {},
  realm: 'hardened',
} as const
const report = JSON.stringify({ status: 'ok', changes: [] })
const memoryFailure = { code: 'RULE_MEMORY', message: 'too much' } as const

function createRun(): Run {
  const input = { login: '', tenant: '', resumePoint: undefined, overrides: undefined, wallMs: 20_000 }
  return new Run({ id: 1, attempts: 0, input }, program, defaultLimits, createWorkerClock())
}

function createLease(): RealmLease {
  const realm = {
    id: 1,
    retire: () => ({ needed: [], removedMembers: [] }),
    start: () => 'started' as const,
    settle: () => undefined,
    abandon: () => undefined,
    dispose: () => undefined,
  }
  return { realm, run: undefined, abandonedOps: [], isDisposed: false, hasOpenedConnections: false }
}

/** A run that waits, and whether its deadline has passed. */
function createWaiting() {
  const run = createRun()
  const lease = createLease()
  const onDeadline = vi.fn<() => void>()
  run.takeRealm(lease)
  run.wait(setTimeout(onDeadline, 50))
  return { run, lease, onDeadline }
}

test('queued: a new run has no realm and no result', () => {
  const run = createRun()
  expect(run.state).toEqual({ kind: 'queued' })
  expect([run.isUnderWay, run.isFinished, run.hasSucceeded]).toEqual([false, false, false])
})

test('entered: the run has a realm, and gets another one if that cannot be cleaned', () => {
  const run = createRun()
  const [dirtyLease, lease] = [createLease(), createLease()]
  run.takeRealm(dirtyLease)
  run.takeRealm(lease)
  expect(run.state).toEqual({ kind: 'entered', lease })
  expect(run.isUnderWay).toBe(true)
})

test('waiting: the deadline passes unless the run is entered again before', () => {
  const { run, lease, onDeadline } = createWaiting()
  expect(run.state).toMatchObject({ kind: 'waiting', lease })
  run.resume()
  vi.advanceTimersByTime(100)
  expect(run.state).toEqual({ kind: 'entered', lease })
  expect(onDeadline).not.toHaveBeenCalled()
  run.wait(setTimeout(onDeadline, 50))
  vi.advanceTimersByTime(100)
  expect(onDeadline).toHaveBeenCalledOnce()
})

test('waiting: the deadline of the next rule replaces the one before', () => {
  const { run, onDeadline } = createWaiting()
  const onNextDeadline = vi.fn<() => void>()
  run.wait(setTimeout(onNextDeadline, 60))
  vi.advanceTimersByTime(100)
  expect([onDeadline.mock.calls.length, onNextDeadline.mock.calls.length]).toEqual([0, 1])
})

test('a rule is abandoned once, and the next rule once more', () => {
  const { run } = createWaiting()
  expect([run.abandonRule(), run.abandonRule()]).toEqual([true, false])
  run.reportRule(report)
  expect([run.abandonRule(), run.abandonRule()]).toEqual([true, false])
})

test('finished: the first end counts, and the deadline does not pass any more', () => {
  const { run, lease, onDeadline } = createWaiting()
  run.reportRule(report)
  run.finish('login', { status: 'deny', reason: 'no' })
  run.fail(memoryFailure)
  run.finish('other', { status: 'ok' })
  vi.advanceTimersByTime(100)
  expect(run.state).toEqual({ kind: 'finished', lease, result: { status: 'deny', reason: 'no', login: 'login' } })
  expect([run.hasSucceeded, run.isUnderWay, onDeadline.mock.calls.length]).toEqual([true, false, 0])
})

test('finished: a run without a realm fails with its first rule', () => {
  const run = createRun()
  run.fail(memoryFailure)
  const result = { status: 'error', error: { ...memoryFailure, rule: 'first' }, login: '' }
  expect(run.state).toEqual({ kind: 'finished', lease: undefined, result })
  expect(run.hasSucceeded).toBe(false)
})

test('ended: the result has what every rule did', () => {
  const { run } = createWaiting()
  run.log('log', 'hello')
  run.reportRule(report)
  run.fail(memoryFailure)
  const { rules, ...result } = run.end()
  expect(result).toEqual({ status: 'error', error: { ...memoryFailure, rule: 'second' }, login: '' })
  expect(JSON.parse(rules)).toMatchObject([
    { report: { status: 'ok' }, logs: [{ level: 'log', message: 'hello' }] },
    { report: { status: 'error', error: memoryFailure } },
  ])
  expect(run.state).toEqual({ kind: 'ended', result: { ...result, rules } })
})

test('ended: a request that began after the end of the rules belongs to the last one', () => {
  const { run } = createWaiting()
  run.reportRule(report)
  run.finish('login', { status: 'ok' })
  run.recordRequest({ method: 'GET', url: 'https://late.example', durationMs: 1 })
  expect(JSON.parse(run.end().rules)).toMatchObject([{ requests: [{ url: 'https://late.example' }] }])
})

test('evicted: the run has lost its realm and its deadline, and has no result', () => {
  const { run, onDeadline } = createWaiting()
  run.evict()
  vi.advanceTimersByTime(100)
  expect(run.state).toEqual({ kind: 'evicted' })
  expect([run.isUnderWay, run.isFinished, onDeadline.mock.calls.length]).toEqual([false, false, 0])
})

test.each<[string, (run: Run) => void, string]>([
  ['a queued run cannot be resumed', (run) => run.resume(), 'a run that is queued cannot become entered'],
  ['a queued run cannot wait', (run) => run.wait(setTimeout(() => 0, 1)), 'a run that is queued cannot become waiting'],
  ['a queued run cannot be evicted', (run) => run.evict(), 'a run that is queued cannot become evicted'],
  ['a run without a result cannot end', (run) => run.end(), 'a run that is queued cannot become ended'],
  [
    'a waiting run cannot take another realm',
    (run) => {
      run.takeRealm(createLease())
      run.wait(setTimeout(() => 0, 1))
      run.takeRealm(createLease())
    },
    'a run that is waiting cannot become entered',
  ],
  [
    'a finished run cannot wait',
    (run) => {
      run.fail(memoryFailure)
      run.wait(setTimeout(() => 0, 1))
    },
    'a run that is finished cannot become waiting',
  ],
  [
    'a run ends once',
    (run) => {
      run.fail(memoryFailure)
      run.end()
      run.end()
    },
    'a run that is ended cannot become ended',
  ],
  [
    'an evicted run has no result',
    (run) => {
      run.takeRealm(createLease())
      run.evict()
      run.fail(memoryFailure)
    },
    'a run that is evicted cannot become finished',
  ],
])('forbidden: %s', (_what, transition, message) => {
  expect(() => transition(createRun())).toThrow(message)
})
