import { expect, test } from 'vitest'
import { rule, useEngine } from '../engine/use-engine.ts'

const { engine, run } = useEngine({ limits: { maxTimers: 20 } })
const brief = useEngine({ limits: { wallPerRuleMs: 150 } })
const pass = 'callback(null, user, context);'

test('timers end with their login: nothing of theirs runs in the next one', async () => {
  const script = rule(`
    if (user.name === 'first') {
      const leave = () => { global.ran = (global.ran || 0) + 1 };
      setInterval(leave, 1); setTimeout(leave, 5); setImmediate(leave); AbortSignal.timeout(5).addEventListener('abort', leave);
      ${pass}
    } else setTimeout(() => { user.ran = global.ran; ${pass} }, 60);`)
  await run(script, { user: { name: 'first' } })
  expect((await engine.run({ user: { name: 'second' } })).user['ran']).toBeUndefined()
})

test('a login may have so many timers alive; those that have fired or are cleared do not count', async () => {
  const flood = await run(rule(`for (let i = 0; i < 21; i++) setTimeout(() => 1, 1000);`))
  expect(flood.error).toMatchObject({ code: 'LIMIT_EXCEEDED', message: 'a login may have 20 timers at once' })
  const inTurn = `let n = 0; (function next() { if (++n > 50) { ${pass} } else { clearTimeout(setTimeout(next, 1000)); setTimeout(next, 1) } })();`
  expect(await run(rule(inTurn))).toMatchObject({ outcome: 'allow' })
})

test('a throw in a timer or a microtask is the throw of its rule', async () => {
  for (const later of ['setTimeout', 'setImmediate', 'queueMicrotask', 'setInterval']) {
    const { error } = await run(rule(`${later}(() => { throw new TypeError('later') });`))
    expect(error).toMatchObject({ code: 'RULE_THREW' })
    expect(error?.message).toMatch(/^later, at rule-1\.js:1:\d+$/)
  }
})

test('the CPU of many short entries adds up', async () => {
  const busy = `const work = () => { for (const end = Date.now() + 5; Date.now() < end;); }; setInterval(work, 1);`
  expect((await run(rule(busy))).error?.code).toBe('RULE_CPU')
})

test('an interval that does nothing is ended by the wall', async () => {
  expect((await brief.run(rule(`setInterval(() => 1, 40);`))).error?.code).toBe('RULE_TIMEOUT')
})

test('a timer can be refreshed, and told the arguments of its function', async () => {
  const body = `const t = setTimeout((a, b) => { user.got = [a, b]; ${pass} }, 1, 'x', 2); t.refresh(); user.kind = typeof t;`
  expect((await run(rule(body))).user).toMatchObject({ got: ['x', 2], kind: 'object' })
})
