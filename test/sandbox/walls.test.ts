import { describe, expect, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.ts'
import { rule, useEngine } from '../engine/use-engine.ts'

const { engine, run } = useEngine()

describe('SE-09: modules', () => {
  test.each([
    ['fs', 'MODULE_REFUSED'],
    ['node:fs', 'MODULE_REFUSED'],
    ['../x', 'MODULE_REFUSED'],
    ['', 'MODULE_REFUSED'],
    ['constructor', 'MODULE_NOT_FOUND'],
    ['__proto__', 'MODULE_NOT_FOUND'],
  ])('require(%j) is refused: %s', async (name, code) => {
    const { error } = await run(rule(`require(${JSON.stringify(name)}); callback(null, user, context);`))
    expect(error?.code).toBe(code)
    expect(error?.message).toContain(`'${name}'`)
  })

  test.each(['{ toString() { return "fs" } }', 'Symbol("fs")', 'null', '["fs"]'])(
    'require(%s) is refused',
    async (name) => {
      const { error } = await run(rule(`require(${name}); callback(null, user, context);`))
      expect(error?.code).toBe('MODULE_NOT_FOUND')
    },
  )

  test.each([
    'import("fs")',
    'import("node:fs")',
    'import("data:text/javascript,export default 1")',
    'eval(`import("fs")`)',
    'Function(`return import("fs")`)()',
    '(0, eval)(`import("file:///etc/passwd")`)',
  ])('%s is refused', async (expression) => {
    const body = `Promise.resolve().then(() => ${expression}).then(() => 'loaded', (e) => e.message).then((text) => { user.text = text; callback(null, user, context) })`
    expect((await run(rule(body))).user['text']).toBe('Not supported')
  })
})

test('SE-10: memory that no limit counts is not to be had', async () => {
  const body = `
    const gone = ['WebAssembly', 'SharedArrayBuffer', 'Atomics', 'WeakRef', 'FinalizationRegistry'];
    const options = { maxByteLength: 1e9 };
    class Sub extends ArrayBuffer {}
    const made = {
      new: () => new ArrayBuffer(8, options),
      construct: () => Reflect.construct(ArrayBuffer, [8, options]),
      inner: () => new new Uint8Array(8).buffer.constructor(8, options),
      subclass: () => new Sub(8, options),
      species: () => new ArrayBuffer[Symbol.species](8, options),
      target: () => Reflect.construct(ArrayBuffer, [8, options], Object),
      transfer: () => new ArrayBuffer(8).transfer(8, options),
      clone: () => structuredClone(new ArrayBuffer(8)),
      slice: () => new ArrayBuffer(8).slice(0, 4),
    };
    user.found = gone.filter((name) => name in globalThis);
    for (const name in made) {
      let buffer;
      try { buffer = made[name](); } catch (error) { continue; }
      try { ArrayBuffer.prototype.resize.call(buffer, 1e6); user.found.push(name); } catch (error) {}
    }
    callback(null, user, context)`
  expect((await run(rule(body))).user['found']).toEqual([])
})

test('what belongs to Node or to the worker is not there', async () => {
  const names =
    'process module exports __filename __dirname global0 ivm isolate host boot guest lockdown harden Compartment assert'
  const body = `user.found = ${JSON.stringify(names.split(' '))}.filter((name) => { try { return eval('typeof ' + name) !== 'undefined' } catch (e) { return true } }); callback(null, user, context)`
  expect((await run(rule(body))).user['found']).toEqual([])
})

describe('SE-12: the text of a rule does not break out of what is put around it', () => {
  test.each([
    [
      'a closing bracket',
      `function (user, context, callback) { callback(null, user, context) })); globalThis.leak = 1; ((`,
    ],
    ['a closing brace', `function (user, context, callback) { } }; globalThis.leak = 1; {`],
    ['a comma', `function (user, context, callback) { callback(null, user, context) }, globalThis.leak = 1`],
    ['a call', `(function () { globalThis.leak = 1 })()`],
    ['a template', 'function (user, context, callback) { } `${globalThis.leak = 1}`'],
    ['a line separator', `function (user, context, callback) { } // \u2028 ); globalThis.leak = 1`],
    ['an HTML comment', `function (user, context, callback) { }\n--> );\n globalThis.leak = 1`],
    ['an unterminated comment', `function (user, context, callback) { } /*`],
    ['an unterminated template', 'function (user, context, callback) { `'],
    ['an import', `import 'fs'; function f(user, context, callback) { }`],
  ])('%s is a syntax error, or runs as part of the rule', async (_what, script) => {
    let breakout: ReturnType<typeof createEngine> | undefined
    try {
      breakout = createEngine({ rules: [{ name: 'out', script }], limits: { workers: 1 } })
    } catch (error) {
      expect(error).toMatchObject({ code: 'RULE_SYNTAX' })
      return
    }
    await breakout.replace([{ name: 'look', script: rule(`user.leak = typeof leak; callback(null, user, context)`) }])
    expect((await breakout.run({ user: {} })).user['leak']).toBe('undefined')
    await breakout.close()
  })

  test.each([
    [
      'a trailing comment',
      `function (user, context, callback) { user.ran = true; callback(null, user, context) } // end`,
    ],
    [
      'a line separator in a string',
      `function (user, context, callback) { user.ran = '\u2028' !== ''; callback(null, user, context) }`,
    ],
    [
      'an HTML comment',
      `<!-- a comment\nfunction (user, context, callback) { user.ran = true; callback(null, user, context) }`,
    ],
    ['a trailing semicolon', `function (user, context, callback) { user.ran = true; callback(null, user, context) };;`],
  ])('%s does no harm', async (_what, script) => {
    expect((await run(script)).user['ran']).toBe(true)
  })
})

test('SE-04: keys that would change a prototype stay behind', async () => {
  const body = `Object.defineProperty(user, '__proto__', { value: { polluted: 1 }, enumerable: true, configurable: true });
    user.nested = JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"kept":1}'); callback(null, user, context)`
  const { user } = await run(rule(body))
  expect(Object.keys(user)).not.toContain('__proto__')
  expect(user['nested']).toEqual({ constructor: { prototype: { polluted: 1 } }, kept: 1 })
  expect(({} as { polluted?: number }).polluted).toBeUndefined()
  expect(Object.getPrototypeOf(user)).toBe(Object.prototype)
})

test('SE-07: builtins that a rule has replaced do not work for the next rule', async () => {
  const poison =
    rule(`for (const [owner, name] of [[JSON, 'stringify'], [Promise.prototype, 'then'], [Array.prototype, 'push'], [Reflect, 'apply'], [Function.prototype, 'call'], [Map.prototype, 'get']]) {
      try { owner[name] = () => { throw new Error('poisoned') } } catch (e) {}
      try { Object.defineProperty(owner, name, { value: null }) } catch (e) {}
    } globalThis.fetch = null; callback(null, user, context)`)
  const outcome = await run([
    poison,
    rule(
      `user.list = [1].concat([2]); console.log('still', { here: 1 }); setTimeout(() => callback(null, user, context), 1)`,
    ),
  ])
  expect(outcome).toMatchObject({
    outcome: 'allow',
    user: { list: [1, 2] },
    rules: [{}, { logs: [{ message: 'still { here: 1 }' }] }],
  })
  expect(await engine.run({ user: {} })).toMatchObject({ outcome: 'allow' })
})
