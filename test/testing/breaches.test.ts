import { describe, expect, test, vi } from 'vitest'
import '../../src/testing/setup/vitest.ts'
import { loadRule } from '../../src/testing/index.ts'

const rule = (body: string, globals = {}) =>
  loadRule(`function (user, context, callback) { ${body} }`, { globals })({ user_id: 'auth0|1' })

describe('a rule that goes too far is an outcome, and the next one runs', () => {
  test.each([
    ['by CPU', 'for (;;);', 'RULE_CPU'],
    ['by CPU, after it called out', 'stub(); for (;;);', 'RULE_CPU'],
    ['by memory', `'x'.repeat(2 ** 28).split('')`, 'RULE_MEMORY'],
    ['by a pattern', `/^(a+)+$/.test('a'.repeat(40) + 'b')`, 'RULE_CPU'],
  ])('%s', async (_, body, code) => {
    const stub = vi.fn<() => void>()
    expect((await rule(body, { stub })).error).toMatchObject({ code })
    expect(await rule('callback(null, user, context)')).toAllow()
  })
})

test('a stub may take its time: it is not the rule’s', async () => {
  const slow = () => {
    const untilMs = performance.now() + 300
    while (performance.now() < untilMs);
    return 'done'
  }
  const outcome = await rule('user.got = slow(); callback(null, user, context)', { slow })
  expect(outcome.user['got']).toBe('done')
  expect(outcome).toTakeLessThan(100)
})

test('what cannot be handed over is an error that says so', async () => {
  const outcome = await rule(
    `try { stub() } catch (error) { user.why = error.message } callback(null, user, context)`,
    {
      stub: () => Symbol('secret'),
    },
  )
  expect(outcome.user['why']).toBe('a symbol cannot be passed between a rule and its test')
})

test('a large argument and a large result cross', async () => {
  const text = 'x'.repeat(200_000)
  const outcome = await rule(
    `user.length = echo('${'y'.repeat(50_000)}'.repeat(4)).length; callback(null, user, context)`,
    {
      echo: (given: string) => given + text,
    },
  )
  expect(outcome.user['length']).toBe(400_000)
})

describe('a rule that climbs about on what its test gave it', () => {
  test.each([
    ['the constructor of a function', `stub.constructor('return process')()`],
    ['the constructor of an async function', `later.constructor('return process')()`],
    ['the constructor of a constructor', `object.constructor.constructor('return process')()`],
    ['prototypes', `Object.getPrototypeOf(object.method).constructor('return process')()`],
    ['__proto__', `object.__proto__.constructor.constructor('return process')()`],
    ['the prototype of a class', `Thing.prototype.constructor.constructor('return process')()`],
  ])('does not get into the test by %s', async (_, body) => {
    class Thing {
      readonly kind = 'thing'
    }
    const given = { stub: () => 1, later: async () => 1, object: { method: () => 1 }, Thing }
    const outcome = await rule(
      `let got; try { got = ${body} } catch (error) { got = undefined }
      user.got = got === undefined ? 'nothing' : typeof got.pid + typeof got.kill; callback(null, user, context)`,
      given,
    )
    expect(['nothing', 'undefinedundefined']).toContain(outcome.user['got'])
  })

  test('does not change its builtins', async () => {
    await rule(
      `for (const change of [() => { object.__proto__.polluted = 1 }, () => { object.__proto__ = { polluted: 1 } }, () => { object.constructor.prototype.polluted = 1 },
        () => { Object.setPrototypeOf(object, { polluted: 1 }) }]) { try { change() } catch (error) {} } callback(null, user, context)`,
      { object: { method: () => 1 } },
    )
    expect(({} as { polluted?: number }).polluted).toBeUndefined()
  })
})
