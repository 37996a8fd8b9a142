import { createEngine } from '../../../src/engine/engine.ts'
import { crawlScript } from '../../sandbox/crawl-script.ts'
import type { BatteryCase, ProgramCase } from './battery-case.ts'
import { inRow } from './in-row.ts'
import { littleTime, muchMemory, wide } from './limits.ts'
import { judge, nameEnd, runRules, writeRule } from './run-rules.ts'
import { type VariantOptions, bothRealms } from './variants.ts'

const pass = 'callback(null, user, context);'

/** Walks to everything that two logins reach; `what` is the list of the crawl that must be empty. */
async function crawl(variant: VariantOptions, what: 'escapes' | 'hosts' | 'carriers'): Promise<string> {
  const outcomes = await runRules(variant, [crawlScript], [{ name: 'ada' }, { name: 'bob' }], {
    limits: { ...wide, ...muchMemory, maxOutputBytes: 5_000_000 },
  })
  const complaints = outcomes.flatMap(({ reason, user }) => {
    if (reason !== undefined) return [reason]
    if (Number(user['count']) < 5_000) return [`it reached ${String(user['count'])} objects only`]
    return (user[what] as string[]).slice(0, 5)
  })
  return judge(complaints, 'nothing found')
}

const crawling: readonly ProgramCase[] = (
  [
    ['SE-01', 'escapes', 'Function of another realm, from every reachable object'],
    ['SE-02', 'hosts', 'an object of isolated-vm, from every reachable object'],
    ['SE-08', 'carriers', 'an object that two logins reach and that can keep something'],
  ] as const
).map(([id, what, mechanism]) => ({
  id,
  mechanism,
  expected: 'nothing found',
  variants: bothRealms,
  run: (variant) => crawl(variant, what),
}))

const refusingCode = [
  'new URL("bad")',
  'require("x")',
  'atob("!")',
  'setTimeout(5)',
  'new Headers({ "a b": "c" })',
].concat([
  'structuredClone(() => 1)',
  'null.x',
  'Buffer.alloc(1).readUInt32LE(9)',
  'require("crypto").createHash("none")',
])

async function readErrors(variant: VariantOptions): Promise<string> {
  const script = `async function (user, context, callback) {
    user.seen = [];
    const look = (e) => user.seen.push(e.message + e.stack + Reflect.ownKeys(e).map((key) => String(e[key])).join());
    for (const code of user.codes) try { eval(code) } catch (error) { look(error) }
    await fetch('http://127.0.0.1:1/').catch(look); await fetch('http://localhost:1/').catch(look); await import('fs').catch(look);
    await auth0.users.updateUserMetadata('a', {}).catch(look);
    ${pass} }`
  const users = {
    updateUserMetadata: () => Promise.reject(new Error('the bridge failed')),
  }
  const [outcome] = await runRules(variant, [script], [{ codes: refusingCode }], {
    users,
    configuration: { KEY: 'canary-value' },
  })
  const seen = (outcome?.user['seen'] ?? []) as string[]
  const told = seen.filter((text) => /node:|file:|node_modules|\/src\/|\/dist\/|isolated|canary-value/.test(text))
  return judge(
    seen.length < refusingCode.length + 4 ? [`only ${seen.length} errors; ${outcome?.reason}`] : told,
    'nothing told',
  )
}

async function pollute(variant: VariantOptions): Promise<string> {
  const body = `Object.defineProperty(user, '__proto__', { value: { polluted: 1 }, enumerable: true, configurable: true });
    user.nested = JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"kept":1}');
    user.app_metadata = JSON.parse('{"__proto__":{"polluted":1}}'); ${pass}`
  const [outcome] = await runRules(variant, [writeRule(body, variant)], [{ name: 'ada' }])
  const user = outcome?.user ?? {}
  const complaints: string[] = []
  if (outcome === undefined || nameEnd(outcome) !== 'allow')
    complaints.push(`ended with ${outcome && nameEnd(outcome)}`)
  if (Object.hasOwn(user, '__proto__') || Object.getPrototypeOf(user) !== Object.prototype)
    complaints.push('user has it')
  if (Object.hasOwn(user['nested'] ?? {}, '__proto__')) complaints.push('nested has it')
  if (({} as { polluted?: number }).polluted !== undefined) complaints.push('Object.prototype is polluted')
  return judge(complaints, 'keys dropped')
}

const breakouts = [
  `function (user, context, callback) { callback(null, user, context) })); globalThis.leak = 1; ((`,
  `function (user, context, callback) { } }; globalThis.leak = 1; {`,
  `function (user, context, callback) { callback(null, user, context) }, globalThis.leak = 1`,
  `(function () { globalThis.leak = 1 })()`,
  'function (user, context, callback) { } `${globalThis.leak = 1}`',
  `function (user, context, callback) { } // \u2028 ); globalThis.leak = 1`,
  `function (user, context, callback) { }\n--> );\n globalThis.leak = 1`,
  `function (user, context, callback) { } /*`,
  'function (user, context, callback) { `',
  `import 'fs'; function f(user, context, callback) { }`,
]

async function breakOut({ realm }: VariantOptions): Promise<string> {
  const complaints: string[] = []
  const look = `function (user, context, callback) { user.leak = typeof leak; callback(null, user, context) }`
  const engine = createEngine({ rules: [{ name: 'look', script: look }], limits: wide, realm })
  for (const script of breakouts) {
    const code = await engine.replace([{ name: 'out', script }]).then(
      () => 'taken',
      (error: { code?: string }) => error.code,
    )
    if (code !== 'taken' && code !== 'RULE_SYNTAX') complaints.push(`${script} is refused with ${code}`)
    if (code === 'taken') await engine.run({ user: {} })
    await engine.replace([{ name: 'look', script: look }])
    const { user } = await engine.run({ user: {} })
    if (user['leak'] !== 'undefined') complaints.push(`${script} leaks`)
  }
  await engine.close()
  return judge(complaints, 'RULE_SYNTAX, or inside')
}

const programs: readonly ProgramCase[] = [
  {
    id: 'SE-03',
    mechanism: 'every function of the bridge throws, and a rule reads message, stack and keys',
    expected: 'nothing told',
    variants: bothRealms,
    run: readErrors,
  },
  {
    id: 'SE-04',
    mechanism: '__proto__ and constructor.prototype in user and in metadata',
    expected: 'keys dropped',
    variants: [...bothRealms, 'modules', 'package'],
    run: pollute,
  },
  {
    id: 'SE-12',
    mechanism: 'brackets, comments, templates and separators that close what is around a rule',
    expected: 'RULE_SYNTAX, or inside',
    variants: bothRealms,
    run: breakOut,
  },
]

const endings: readonly BatteryCase[] = inRow('SE-06', bothRealms, [
  {
    mechanism: 'a callback, then one with an error',
    script: `${pass} callback(new Error('late'));`,
    expected: 'allow',
  },
  { mechanism: 'an error, then a callback', script: `callback(new Error('first')); ${pass}`, expected: 'deny' },
  {
    mechanism: 'a callback, then another user',
    script: `${pass} callback(null, { name: 'Eve' }, context);`,
    expected: 'allow',
  },
  {
    mechanism: 'a callback, then a later one',
    script: `${pass} setTimeout(() => callback(new Error('late')), 1);`,
    expected: 'allow',
  },
  {
    mechanism: 'a callback, then a rejection',
    script: `${pass} return Promise.reject(new Error('late'));`,
    expected: 'allow',
  },
  {
    mechanism: 'a callback, then an unhandled rejection',
    script: `${pass} Promise.reject(new Error('late'));`,
    expected: 'allow',
  },
  {
    mechanism: 'a callback from a promise, then a throw',
    script: `Promise.resolve().then(() => { ${pass} }); throw new Error('first');`,
    expected: 'RULE_THREW',
  },
  { mechanism: 'a callback with something that is no error', script: `callback(7);`, expected: 'deny' },
  {
    mechanism: 'a callback after the deadline',
    script: `setTimeout(() => { ${pass} }, 3000);`,
    expected: 'RULE_TIMEOUT',
    limits: littleTime,
  },
  {
    mechanism: 'a callback kept from another login',
    script: `if (global.old) global.old(null, { name: 'Eve' }); global.old = callback; setTimeout(() => { ${pass} }, 5);`,
    expected: 'allow',
  },
])

/** Ways out of the realm, and out of the text of a rule. */
export const escapeCases: readonly BatteryCase[] = [...crawling, ...programs, ...endings]
