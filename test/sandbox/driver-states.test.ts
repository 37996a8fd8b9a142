import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { createRuleRun, toEnded, toWaiting } from '../../src/sandbox/guest/driver/driver-state.ts'
import { Driver } from '../../src/sandbox/guest/driver/driver.ts'
import type { Host, RealmOptions } from '../../src/sandbox/wire/guest-contract.ts'

type Callback = (error?: unknown) => void
type Rule = (user: Record<string, unknown>, context: object, callback: Callback) => unknown

const scope = { configuration: {}, auth0: {}, global: {}, require: () => undefined }
const input = { scope, resumePoint: undefined, shared: undefined }
const loginText = JSON.stringify([{ user: { name: 'Ada' }, context: {} }])

/** A driver of these rules, and the calls that its host gets. */
function setUp(rules: readonly Rule[], onError: 'deny' | 'skip' = 'deny') {
  const calls: string[] = []
  const host: Host = (call, ...inputs) => {
    calls.push([call, ...inputs].join(' '))
    return undefined
  }
  const options: RealmOptions = {
    configuration: {},
    rules: rules.map((_, index) => ({ name: `${index}`, kind: 'rule', secrets: {}, filename: `${index}.js`, onError })),
    trigger: 'post-login',
    limits: { maxDepth: 8, maxOutputBytes: 10_000, maxLogBytes: 1_000, maxLogLines: 10, maxResponseBytes: 1_000 },
    modules: { failures: {}, reasons: {}, provided: {} },
  }
  const factories = rules.map((rule) => () => rule)
  const driver = new Driver(host, factories, options, {
    callAction: () => undefined,
    onFailure: () => undefined,
    getSharedWrite: () => undefined,
  })
  return { driver, calls, start: () => driver.start(loginText, input) }
}

/** A rule that ends when its test says so. */
function createOpenRule(): { rule: Rule; end: Callback } {
  const open = {
    rule: ((_user, _context, callback) => void (open.end = callback)) as Rule,
    end: (() => undefined) as Callback,
  }
  return open
}

const okReport = '{"status":"ok","changes":[]}'

describe('a driver is', () => {
  test('idle before a login and after it: what comes then changes nothing', () => {
    const { driver, calls, start } = setUp([(_user, _context, callback) => callback()])
    expect(driver.state).toBe('idle')
    driver.abandon('RULE_TIMEOUT', 'too late')
    driver.reportThrow(new Error('too late'))
    expect(calls).toEqual([])
    start()
    expect(driver.state).toBe('idle')
    driver.abandon('RULE_TIMEOUT', 'too late')
    expect(calls).toEqual([`finish   ${okReport}`])
  })

  test('idle after a login that it cannot read', () => {
    const { driver, calls } = setUp([])
    driver.start('[', input)
    expect(driver.state).toBe('idle')
    expect(calls).toEqual([expect.stringContaining('"RULE_OUTPUT"')])
  })

  test('calling until the call of a rule returns, even if the rule can end no more', () => {
    const states: string[] = []
    const { driver, calls, start } = setUp([
      () => {
        states.push(driver.state)
        expect(start).toThrow('a driver that is calling cannot start')
        driver.abandon('LIMIT_EXCEEDED', 'too much')
        states.push(driver.state, `${calls.length} calls`)
      },
    ])
    start()
    expect(states).toEqual(['calling', 'ended', '0 calls'])
    expect(calls).toEqual([expect.stringMatching(/^finish .*"LIMIT_EXCEEDED","message":"too much"/)])
  })

  test('waiting after a call that returned without an end', () => {
    const open = createOpenRule()
    const { driver, calls, start } = setUp([open.rule])
    start()
    expect(driver.state).toBe('waiting')
    expect(start).toThrow('a driver that is waiting cannot start')
    expect(calls).toEqual([])
    driver.reportThrow(new Error('in a timer'))
    expect(driver.state).toBe('ended')
  })

  test('ended until the code that called back has returned, and the first end counts', async () => {
    const open = createOpenRule()
    const { driver, calls, start } = setUp([open.rule, (_user, _context, callback) => callback()])
    start()
    open.end()
    expect(driver.state).toBe('ended')
    expect(start).toThrow('a driver that is ended cannot start')
    open.end(new Error('a second end'))
    driver.abandon('RULE_TIMEOUT', 'a third end')
    expect(calls).toEqual([])
    await nextTurn()
    expect(driver.state).toBe('idle')
    expect(calls).toEqual([`report 0 ${okReport}`, `finish   ${okReport}`])
  })
})

describe('what a driver finds when a rule has ended', () => {
  test('a failure under onError skip takes the changes back, and the next rule runs', () => {
    const { calls, start } = setUp(
      [
        (user) => {
          user['name'] = 'Eve'
          throw new Error('broken')
        },
        (user, _context, callback) => {
          user['seen'] = user['name']
          callback()
        },
      ],
      'skip',
    )
    start()
    expect(calls[0]).toMatch(
      /^report 0 {"status":"skipped","changes":\[\],"error":{"code":"RULE_THREW","message":"broken/,
    )
    expect(calls[1]).toContain('{"op":"add","path":"/user/seen","value":"Ada"}')
  })

  test('a denial ends the login with the changes of its rule', () => {
    const { driver, calls, start } = setUp([
      (user, _context, callback) => {
        user['seen'] = true
        callback(new Error('not today'))
      },
      () => expect.unreachable(),
    ])
    start()
    expect(driver.state).toBe('idle')
    expect(calls).toEqual([expect.stringMatching(/^finish .*"reason":"not today".*"\/user\/seen"/)])
  })
})

describe('a run', () => {
  test('is created calling, and waits before it ends at most once', () => {
    const run = createRuleRun(0, input, undefined)
    expect(run.state).toBe('calling')
    const waiting = toWaiting(run)
    expect(waiting).toBe(run)
    expect(() => toWaiting(run)).toThrow('a driver that is waiting cannot wait')
    expect(toEnded(waiting, undefined).state).toBe('ended')
    expect(() => toEnded(waiting, undefined)).toThrow('a driver that is ended cannot end')
    expect(() => toWaiting(run)).toThrow('a driver that is ended cannot wait')
  })
})

test('a transition that no state allows does not compile', () => {
  const run = createRuleRun(0, input, undefined)
  const ended = toEnded(run, undefined)
  // @ts-expect-error -- an ended run cannot wait
  expect(() => toWaiting(ended)).toThrow('cannot wait')
  // @ts-expect-error -- an ended run cannot end again
  expect(() => toEnded(ended, undefined)).toThrow('cannot end')
})
