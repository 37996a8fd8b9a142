import { isDeepStrictEqual } from 'node:util'
import * as fastCheck from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.ts'
import type { Change } from '../../src/profile/schema/changes.ts'
import { type Marks, restoreMarked } from '../../src/sandbox/wire/codec.ts'
import { createChangeTracker } from '../../src/sandbox/guest/changes/change-tracker.ts'
import { applyChanges } from '../../src/sandbox/wire/apply-changes.ts'

const key = fastCheck.oneof(
  fastCheck.constantFrom('a', 'b', '', '0', 'x/y', '~', 'constructor', 'toString'),
  fastCheck.string(),
)
const { value } = fastCheck.letrec<{ value: unknown }>((tie) => ({
  value: fastCheck.oneof(
    { maxDepth: 4 },
    fastCheck.oneof(
      fastCheck.string(),
      fastCheck.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
      fastCheck.boolean(),
      fastCheck.constantFrom(null, undefined),
      fastCheck.date({ noInvalidDate: true }),
    ),
    fastCheck.array(tie('value'), { maxLength: 5 }),
    fastCheck.dictionary(key, tie('value'), { maxKeys: 6 }).map(plain),
  ),
}))

/** An object as rules have them, without the key that is no data. */
function plain(members: Record<string, unknown>): object {
  return Object.fromEntries(Object.entries(members).filter(([name]) => name !== '__proto__'))
}

describe('the changes that rules made one after the other', () => {
  test('and the marks of the end make of the login what the rules left', () => {
    fastCheck.assert(
      fastCheck.property(
        fastCheck.jsonValue(),
        fastCheck.array(value, { minLength: 1, maxLength: 4 }),
        (before, afters) => {
          const watch = createChangeTracker(32)
          const made = { value: plainJson(before) }
          watch.begin({ value: plainJson(before) })
          let marks: Marks | undefined
          for (const after of afters) {
            const changes: Change[] = []
            marks = watch.diff({ value: after }, changes)
            applyChanges(made, JSON.parse(JSON.stringify(changes)) as Change[])
          }
          const whole = marks === undefined ? made : restoreMarked(made, marks)
          expect(isDeepStrictEqual(whole, structuredClone({ value: afters.at(-1) }))).toBe(true)
        },
      ),
    )
  })

  test('leave the trace alone: a value that a later rule changes stands there as it was', async () => {
    const rules = [
      {
        name: 'makes',
        script: '(user, context, callback) => { user.made = { by: [1] }; callback(null, user, context) }',
      },
      { name: 'adds', script: '(user, context, callback) => { user.made.by.push(2); callback(null, user, context) }' },
    ]
    const engine = createEngine({ rules, limits: { workers: 1 } })
    const { user, rules: trace } = await engine.run({ user: {} })
    await engine.close()
    expect(user).toEqual({ made: { by: [1, 2] } })
    expect(trace[0]?.changes).toEqual([{ op: 'add', path: '/user/made', value: { by: [1] } }])
  })
})

describe('SE-11: of the changes that a worker tells of', () => {
  test.each<readonly [what: string, change: Change]>([
    ['a prototype', { op: 'add', path: '/user/__proto__', value: { admin: true } }],
    ['what a prototype holds', { op: 'add', path: '/user/__proto__/admin', value: true }],
    ['a function that is inherited', { op: 'add', path: '/user/toString/call', value: true }],
    ['a constructor', { op: 'add', path: '/user/constructor/prototype/admin', value: true }],
    ['what a list inherits', { op: 'add', path: '/user/list/map/call', value: true }],
    ['the length of a list', { op: 'replace', path: '/user/list/length', value: 1e9 }],
    ['an item far beyond a list', { op: 'add', path: '/user/list/4000000000', value: 1 }],
    ['what is no item', { op: 'add', path: '/user/list/x', value: 1 }],
    ['what is not there', { op: 'replace', path: '/user/nobody', value: 1 }],
    ['what a text holds', { op: 'add', path: '/user/name/x', value: 1 }],
  ])('one of %s is none', (_what, change) => {
    const login = { user: { name: 'Ada', list: [1] }, context: {} }
    expect(() => applyChanges(login, [change])).toThrow(TypeError)
    expect(login).toStrictEqual({ user: { name: 'Ada', list: [1] }, context: {} })
    expect({}).not.toHaveProperty('admin')
    expect(Object.hasOwn(Object.prototype.toString, 'call')).toBe(false)
  })
})

function plainJson(json: unknown): unknown {
  return JSON.parse(JSON.stringify(json), (name, part: unknown) => (name === '__proto__' ? undefined : part)) as unknown
}
