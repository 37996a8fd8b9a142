import { describe, expect, test } from 'vitest'
import { defaultLimits } from '../../src/sandbox/wire/limits.ts'
import { createHeartbeat } from '../../src/sandbox/host/heartbeat.ts'
import { Run } from '../../src/sandbox/worker/run/run.ts'
import { createWorkerClock } from '../../src/sandbox/worker/run/clock.ts'

/** A machine whose time passes when the test says so, with as much CPU for us as it says. */
function machine(load = 0) {
  let nowMs = 1_000
  let cpuMs = 0
  return {
    nowMs: () => nowMs,
    cpuMs: () => cpuMs,
    clock: createWorkerClock({ nowMs: () => nowMs, readCpuMs: () => cpuMs, readLoad: () => load }),
    pass(wallMs: number, ownMs = wallMs) {
      nowMs += wallMs
      cpuMs += ownMs
    },
  }
}

describe('the budget of a run', () => {
  const rules = ['a', 'b'].map((name) => ({
    name,
    kind: 'rule' as const,
    secrets: {},
    filename: name,
    onError: 'deny' as const,
    expression: '',
  }))
  const program = { hash: 'h', trigger: 'post-login', rules, configuration: {}, realm: 'hardened' } as const

  function open(attempts = 0, { clock, pass } = machine()) {
    const input = { login: '', tenant: '', resumePoint: undefined, overrides: undefined, wallMs: 20_000 }
    return { run: new Run({ id: 1, attempts, input }, program, defaultLimits, clock), pass }
  }

  test('an entry that others kept from the CPU for seconds has cost the login nothing', () => {
    const { run, pass } = open()
    run.startMetering()
    pass(3_000, 2)
    run.stopMetering()
    expect([run.isFinished, run.budget.isExhausted()]).toEqual([false, false])
  })

  test('many entries that others interrupted are not booked again and again', () => {
    const { run, pass } = open()
    for (let entry = 0; entry < 200; entry++) {
      run.startMetering()
      pass(30, 0.2)
      run.stopMetering()
    }
    expect(run.isFinished).toBe(false)
  })

  test('CPU that was used is booked, however long it took', () => {
    const { run, pass } = open()
    run.startMetering()
    pass(3_000, defaultLimits.cpuPerRuleMs + 1)
    run.stopMetering()
    expect(run.end().error).toMatchObject({ code: 'RULE_CPU', rule: 'a' })
  })

  test('an entry may take longer than its CPU lasts, and longer each time that the login is lost', () => {
    const times = [0, 1, 2, 3].map((attempts) => open(attempts).run.startMetering())
    expect(times[0]).toBeGreaterThan(2 * defaultLimits.cpuPerRuleMs)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect(times[3]).toBeGreaterThan(4 * (times[0] ?? 0))
  })

  /** Runs one login that takes `wallMs`, of which it has the CPU for `ownMs`. */
  function serve(busy: ReturnType<typeof machine>, wallMs: number, ownMs: number) {
    const { run, pass } = open(0, busy)
    run.startMetering()
    pass(wallMs, ownMs)
    run.stopMetering()
  }

  const idleTimeoutMs = open().run.startMetering()

  test.each([
    ['has more work than processors', () => machine(2)],
    [
      'kept an earlier login from the CPU',
      () => {
        const busy = machine()
        serve(busy, 100, 50)
        return busy
      },
    ],
  ])('an entry may take longer while the machine %s', (_, makeBusy) => {
    const timeoutMs = open(0, makeBusy()).run.startMetering()
    expect(timeoutMs).toBeGreaterThan(1.8 * idleTimeoutMs)
    expect(timeoutMs).toBeLessThan(2.2 * idleTimeoutMs)
  })

  test('an entry may take no longer than before once the machine is idle again', () => {
    const busy = machine()
    serve(busy, 150, 50)
    serve(busy, 90, 90)
    serve(busy, 90, 90)
    expect(open(0, busy).run.startMetering()).toBeLessThan(1.2 * idleTimeoutMs)
  })

  test('an entry ends before its worker would be taken for frozen, however busy the machine is', () => {
    const busy = machine(1_000)
    serve(busy, 10_000, 0)
    const { cpuPerLoginMs, killAfterMs } = defaultLimits
    expect(open(0, busy).run.startMetering()).toBeLessThan(2 * cpuPerLoginMs + killAfterMs)
  })
})

describe('a worker that does not answer', () => {
  const limits = { maxCpuMs: 1_000, maxIdleMs: 500 }

  function pinged(isBlocked = false) {
    const { nowMs, cpuMs, pass } = machine()
    const heartbeat = createHeartbeat({ ...limits, cpuMs, isBlocked: () => isBlocked })
    heartbeat.ping(nowMs())
    return {
      heartbeat,
      /** Checks twenty times a second, until it stalls. */
      checkUntilStall(seconds: number, share: number) {
        for (let check = 0; check < seconds * 20; check++) {
          pass(50, 50 * share)
          const stall = heartbeat.detectStall(nowMs())
          if (stall !== undefined) return stall
        }
        return undefined
      },
    }
  }

  test('and gets a twentieth of the CPU is waited for', () => {
    expect(pinged().checkUntilStall(10, 0.05)).toBeUndefined()
  })

  test('and uses CPU without end is frozen', () => {
    expect(pinged().checkUntilStall(2, 1)).toBe('frozen')
    expect(pinged().checkUntilStall(20, 0.1)).toBe('frozen')
  })

  test('and uses none is stopped, also when it had been at work before', () => {
    expect(pinged().checkUntilStall(1, 0)).toBe('stopped')
    const later = pinged()
    expect(later.checkUntilStall(0.5, 1)).toBeUndefined()
    expect(later.checkUntilStall(2, 0)).toBe('stopped')
  })

  test('and sleeps has done it to itself', () => {
    expect(pinged(true).checkUntilStall(1, 0)).toBe('blocked')
    expect(pinged(true).checkUntilStall(10, 0.05)).toBeUndefined()
  })

  test('is well again once it is heard of', () => {
    const { heartbeat, checkUntilStall } = pinged()
    expect(checkUntilStall(0.5, 1)).toBeUndefined()
    heartbeat.onPong()
    expect(checkUntilStall(10, 1)).toBeUndefined()
  })
})
