import { createEngine } from '../../../src/engine/engine.ts'
import type { BatteryCase, ProgramCase } from './battery-case.ts'
import { inRow } from './in-row.ts'
import { wide } from './limits.ts'
import { judge, nameEnd, runRules, writeRule } from './run-rules.ts'
import { type VariantOptions, bothRealms, hostOnly } from './variants.ts'
import { isFromWorker } from '../../../src/sandbox/wire/message-checks.ts'
import { readRecords } from '../../../src/sandbox/wire/records.ts'
import { toOutcome } from '../../../src/engine/outcome/to-outcome.ts'

const pass = 'callback(null, user, context);'

/** What the first login tries to leave, and how the second looks for it: `true` means that it is there. */
const left: readonly (readonly [leave: string, look: string])[] = [
  [`leak = 1`, `typeof leak !== 'undefined'`],
  [`globalThis[Symbol.for('leak')] = 1`, `globalThis[Symbol.for('leak')] !== undefined`],
  [`Object.defineProperty(globalThis, 'leak', { value: 1 })`, `'leak' in globalThis`],
  [`Object.setPrototypeOf(globalThis, { leak: 1 })`, `'leak' in globalThis`],
  [`(0, eval)('var leak = 1')`, `typeof leak !== 'undefined'`],
  [`Array.prototype.leak = 1`, `[].leak !== undefined`],
  [`Object.prototype.leak = 1`, `({}).leak !== undefined`],
  [`Promise.prototype.then = null`, `typeof Promise.prototype.then !== 'function'`],
  [
    `JSON = null; Math = null; fetch = null`,
    `typeof JSON.parse + typeof Math.abs + typeof fetch !== 'functionfunctionfunction'`,
  ],
  [
    `fetch.leak = 1; URL.prototype.leak = 1; console.log.leak = 1; Buffer.leak = 1`,
    `[fetch, URL.prototype, console.log, Buffer].some(function (o) { return o.leak })`,
  ],
  [`Error.prepareStackTrace = function () { return 'leak' }`, `String(new Error('x').stack).includes('leak')`],
  [
    `configuration.leak = 1; auth0.leak = 1; require.leak = 1`,
    `[configuration, auth0, require].some(function (o) { return o.leak })`,
  ],
  [`arguments.callee.leak = 1`, `arguments.callee.leak !== undefined`],
  [`setTimeout(function () { globalThis.leak = 1 }, 1)`, `'leak' in globalThis`],
  [`(function (t) { t.leak = 1; t.raw.leak = 1 })\`x\``, `(function (t) { return t })\`x\`.leak !== undefined`],
  [`Object.assign(require('lodash').map, { leak: 1 })`, `require('lodash').map.leak !== undefined`],
  [`require('http').globalAgent.on('leak', function () {})`, `require('http').globalAgent.listenerCount('leak') > 0`],
  [
    `Reflect.set(require('crypto').createHash('md5').constructor.prototype, 'leak', 1)`,
    `require('crypto').createHash('md5').leak !== undefined`,
  ],
  [
    `require('pg').types.setTypeParser(20, function () { return 'leak' })`,
    `require('pg').types.getTypeParser(20)('1') === 'leak'`,
  ],
  [`require('util').leak = 1`, `require('util').leak !== undefined`],
]

async function leaveAndLook(variant: VariantOptions): Promise<string> {
  const complaints: string[] = []
  const engine = createEngine({ rules: [], limits: wide, realm: variant.realm })
  for (const [leave, look] of left) {
    const body = `if (user.name === 'first') { try { ${leave} } catch (e) {} } else { user.found = ${look}; } ${pass}`
    await engine.replace([{ name: 'leave', script: writeRule(body, variant) }])
    await engine.run({ user: { name: 'first' } })
    const second = await engine.run({ user: { name: 'second' } })
    if (second.user['found'] !== false) complaints.push(`${leave} is seen (${nameEnd(second)})`)
  }
  await engine.close()
  return judge(complaints, 'nothing found')
}

async function overlap(variant: VariantOptions): Promise<string> {
  const poison = `for (const [owner, name] of [[JSON, 'stringify'], [Promise.prototype, 'then'], [Array.prototype, 'push'], [Reflect, 'apply'], [Function.prototype, 'call'], [Map.prototype, 'get']]) {
      try { Object.defineProperty(owner, name, { value: null }) } catch (e) {}
    } try { globalThis.fetch = null } catch (e) {} ${pass}`
  const body = `user.list = [1].concat([2]); console.log('still', { here: 1 }); setTimeout(() => { ${pass} }, 1)`
  const outcomes = await runRules(
    variant,
    [writeRule(poison, variant), writeRule(body, variant)],
    [{ name: 'ada' }, { name: 'bob' }],
  )
  const complaints = outcomes
    .filter((outcome) => nameEnd(outcome) !== 'allow' || String(outcome.user['list']) !== '1,2')
    .map((outcome) => `${nameEnd(outcome)}: ${outcome.reason}`)
  return judge(complaints, 'results unchanged')
}

const done = { type: 'done', id: 1, status: 'ok', login: '', rules: '[]' }
const call = { type: 'call', id: 1, op: 2, name: 'users.updateUserMetadata', body: '{}' }
const forgedMessages: readonly unknown[] = [
  undefined,
  null,
  'ready',
  [],
  {},
  { type: 'exit' },
  { type: 'constructor' },
  { type: ['ready'] },
  {
    type: 'ready',
    extra: 1,
  },
  {
    type: 'call',
    id: 1,
    op: 2,
    name: 'x',
  },
  {
    ...call,
    id: '1',
  },
  {
    ...call,
    id: 1.5,
  },
  {
    ...call,
    op: 0,
  },
  {
    ...call,
    body: {},
  },
  {
    ...call,
    id: -1,
  },
  {
    ...call,
    id: Number.NaN,
  },
  {
    ...done,
    status: 'allow',
  },
  {
    ...done,
    error: {
      code: 'OTHER',
      message: 'x',
    },
  },
  {
    ...done,
    rules: [],
  },
]
const forgedRecords = ['not json', '{}', '[null]', '[{"report":"{}"}]', '[[]]', `[${'['.repeat(5_000)}`]
const forgedLogins = [
  'garbage',
  '[]',
  '[null]',
  '[{"user":1,"context":{}}]',
  '[{"user":{},"context":[]}]',
  '[{"user":{},"context":{}},{}]',
  'x'.repeat(100_000_000),
]

async function forge(): Promise<string> {
  const before = { user: { name: 'Ada' }, context: {} }
  const input = { before, encoded: { text: JSON.stringify([before]), copy: undefined } }
  const complaints = [
    ...forgedMessages.filter(isFromWorker).map((message) => `${JSON.stringify(message)} is taken`),
    ...forgedRecords.filter((text) => readRecords(text) !== undefined).map((text) => `${text.slice(0, 50)} is read`),
    ...forgedLogins
      .filter((login) => nameEnd(toOutcome({ status: 'ok', login, rules: [] }, input, [])) !== 'WORKER_LOST')
      .map((login) => `the login ${login.slice(0, 50)} is taken`),
  ]
  return judge(complaints, 'refused')
}

const programs: readonly ProgramCase[] = [
  {
    id: 'SE-08',
    mechanism: `${left.length} things that one login leaves on globals, builtins and bundled modules`,
    expected: 'nothing found',
    variants: bothRealms,
    run: leaveAndLook,
  },
  {
    id: 'SE-07',
    mechanism: 'builtins that one rule replaces, before the next rule runs',
    expected: 'results unchanged',
    variants: ['rule', 'modules'],
    run: overlap,
  },
  {
    id: 'SE-11',
    mechanism: 'messages, records and logins of a worker that lies, one of 100 MB',
    expected: 'refused',
    variants: hostOnly,
    run: forge,
  },
]

/** What passes from one login, rule or process to another. */
export const tenancyCases: readonly BatteryCase[] = [
  ...programs,
  ...inRow('SE-08', bothRealms, [
    {
      mechanism: 'a function on global that is called by another login',
      script: `if (global.say) global.say('late'); global.say = function (text) { user.said = text; console.log(user.name) }; ${pass}`,
      expected: 'allow',
    },
  ]),
]
