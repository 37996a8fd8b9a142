import { format } from 'node:util'
import { describe, expect, test } from 'vitest'
import { rule, useEngine } from '../engine/use-engine.ts'

const { engine, run } = useEngine({ limits: { maxLogLines: 10, maxLogBytes: 20_000 } })
const pass = 'callback(null, user, context);'

async function lines(body: string): Promise<string[]> {
  const outcome = await run(rule(`${body}; ${pass}`))
  expect([outcome.outcome, outcome.reason]).toEqual(['allow', undefined])
  return outcome.rules.flatMap(({ logs }) => logs.map(({ message }) => message))
}

describe('console.log prints as Node does', () => {
  test.each([
    `'text', 1, true, null, undefined`,
    `{ a: 1, b: 'x', 'c-d': [1, 'y', null], e: { f: undefined } }`,
    `[1, [2, [3]]], []`,
    `{}`,
    `10n, -0.5, NaN`,
    `'%s is %d years and %i', 'Ada', 36.5, 36.9`,
    `'%j and %%', { a: [1] }`,
    `'%s %s', 'one'`,
    `'100%', 'x'`,
    `new Date(0)`,
    `Symbol('s')`,
    `'a', { toString() { return 'b' } }.toString()`,
  ])('console.log(%s)', async (args) => {
    // oxlint-disable-next-line no-eval
    const values = (eval as (text: string) => unknown[])(`[${args}]`)
    expect(await lines(`console.log(${args})`)).toEqual([format(...values)])
  })
})

test('every method says its level', async () => {
  const { rules } = await run(
    rule(
      `for (const level of ['debug', 'log', 'info', 'warn', 'error']) console[level](level); console.assert(1 > 2, 'no'); ${pass}`,
    ),
  )
  expect(rules[0]?.logs).toEqual([
    ...['debug', 'log', 'info', 'warn', 'error'].map((level) => ({ level, message: level })),
    { level: 'error', message: 'Assertion failed no' },
  ])
})

test('what cannot be printed does not fail the rule, and runs nothing of it', async () => {
  const body = `
    const { proxy, revoke } = Proxy.revocable({}, {}); revoke();
    const trap = { get secret() { throw new Error('read') }, toString() { throw new Error('called') } };
    trap.self = trap;
    console.log(proxy); console.log(trap); console.log('%d', Symbol('s')); console.log(Object.create(null), () => 1)`
  const printed = await lines(body)
  expect(printed).toHaveLength(4)
  expect(printed[0]).toBe('[this cannot be printed]')
  expect(printed[1]).toContain('secret: [Getter]')
})

describe('RX-11: a flood of lines', () => {
  test('ends at the limit of lines, and says so', async () => {
    const printed = await lines(`for (let i = 0; i < 1e4; i++) console.log('line ' + i)`)
    expect(printed).toHaveLength(10)
    expect(printed[9]).toBe('line 9 … (the log limit is reached)')
  })

  test('ends at the limit of bytes, one long line included', async () => {
    const printed = await lines(`for (let i = 0; i < 9; i++) console.log('x'.repeat(1e6), 'y'.repeat(1e6))`)
    expect(printed.join('').length).toBeLessThan(20_100)
  })

  test('huge objects are cut', async () => {
    const printed = await lines(
      `const o = {}; for (let i = 0; i < 1e4; i++) o['k' + i] = { deep: { er: [i, i, i] } }; console.log(o); console.log('%j', o); console.log(Array.from({ length: 1e5 }, () => o))`,
    )
    expect(printed).toHaveLength(3)
    for (const line of printed) expect(line.length).toBeLessThan(8_300)
  })

  test('the next login begins anew', async () => {
    await lines(`for (let i = 0; i < 1e3; i++) console.log(i)`)
    expect((await engine.run({ user: {} })).rules[0]?.logs).toHaveLength(10)
  })
})

test('lines belong to the rule that printed them', async () => {
  const { rules } = await run([rule(`console.log('one'); ${pass}`), rule(`console.warn('two'); ${pass}`)])
  expect(rules.map(({ logs }) => logs)).toEqual([
    [{ level: 'log', message: 'one' }],
    [{ level: 'warn', message: 'two' }],
  ])
})
