import * as fastCheck from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Change } from '../../src/profile/schema/changes.ts'
import type { Marks } from '../../src/sandbox/wire/codec.ts'
import { createChangeTracker } from '../../src/sandbox/guest/changes/change-tracker.ts'
import { applyChanges } from '../../src/sandbox/wire/apply-changes.ts'

type Members = Record<string, unknown>

interface Target {
  readonly members: Members
  /** The same, where it is a list. */
  readonly list: unknown[] | undefined
  readonly key: string
  readonly value: unknown
  /** Another object of the login, which does not hold the target. */
  readonly other: object | undefined
}

/** What rules may do to an object of their login. */
const acts = {
  set({ members, list, key, value }) {
    members[list === undefined ? key : Math.min(list.length, 2)] = value
  },
  share({ members, list, key, other }) {
    if (other !== undefined) members[list === undefined ? key : Math.min(list.length, 2)] = other
  },
  remove({ members, list, key }) {
    if (list === undefined) delete members[key]
  },
  reorder({ members, list, key }) {
    const moved = members[key]
    if (list !== undefined || moved === undefined) return
    delete members[key]
    members[key] = moved
  },
  push: ({ list, value }) => void list?.push(value),
  cut: ({ list }) => void list?.splice(1, 1),
  inherit({ members, list }) {
    if (list === undefined) Object.setPrototypeOf(members, { ...members })
  },
  inheritNothing({ members, list }) {
    if (list === undefined) Object.setPrototypeOf(members, null)
  },
  writeItself: ({ members, value }) =>
    void Object.defineProperty(members, 'toJSON', { value: () => value, configurable: true }),
} satisfies Record<string, (target: Target) => void>

interface Act {
  readonly kind: keyof typeof acts
  readonly at: number
  readonly other: number
  readonly key: string
  readonly value: unknown
}

/** JSON knows no negative zero. */
const plainValue = fastCheck.jsonValue({ maxDepth: 2 }).map((value) => JSON.parse(JSON.stringify(value)) as unknown)

const act: fastCheck.Arbitrary<Act> = fastCheck.record({
  kind: fastCheck.constantFrom(...(Object.keys(acts) as (keyof typeof acts)[])),
  at: fastCheck.nat(99),
  other: fastCheck.nat(99),
  key: fastCheck.constantFrom('a', 'b', 'c', '0'),
  value: fastCheck.oneof(plainValue, fastCheck.date(), fastCheck.constant(undefined)),
})

/** All objects of a tree, each once. */
function objectsOf(root: object): object[] {
  const found: object[] = [root]
  for (let index = 0; index < found.length; index++) {
    for (const part of Object.values(found[index]!)) {
      if (typeof part === 'object' && part !== null && !(part instanceof Date) && !found.includes(part))
        found.push(part)
    }
  }
  return found
}

function perform(root: object, one: Act): void {
  const objects = objectsOf(root)
  const target = objects[one.at % objects.length]!
  const other = objects[one.other % objects.length]!
  if (one.kind === 'writeItself' && target === root) return
  acts[one.kind]({
    members: target as Members,
    list: Array.isArray(target) ? target : undefined,
    key: one.key,
    value: one.value,
    other: objectsOf(other).includes(target) ? undefined : other,
  })
}

/** What a watch tells that has seen nothing before. */
function firstSight(root: object): { copy: unknown; marks: Marks | undefined } {
  const watch = createChangeTracker(64)
  watch.begin({})
  const marks = watch.diff(root, [])
  return { copy: watch.copy(), marks }
}

describe('a watch over a login that rules change where it stands', () => {
  test('sees what one sees that has never looked before, and its changes make the same of a copy', () => {
    fastCheck.assert(
      fastCheck.property(
        fastCheck.dictionary(fastCheck.constantFrom('a', 'b', 'c'), fastCheck.jsonValue({ maxDepth: 3 })),
        fastCheck.array(fastCheck.array(act, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 5 }),
        (json, rules) => {
          const text = JSON.stringify({ ...json, user: {} }).replaceAll('__proto__', 'proto')
          const root = JSON.parse(text) as object
          const made: unknown = JSON.parse(text)
          const watch = createChangeTracker(64)
          watch.beginParsed(root)
          for (const done of rules) {
            for (const one of done) perform(root, one)
            const changes: Change[] = []
            const marks = watch.diff(root, changes)
            expect({ copy: watch.copy(), marks }).toEqual(firstSight(root))
            applyChanges(made, JSON.parse(JSON.stringify(changes)) as Change[])
            expect(made).toEqual(watch.copy())
          }
        },
      ),
      { numRuns: 1_000 },
    )
  })
  test('takes no inherited member for one that is gone', () => {
    const root: Members = { user: {}, a: 1, b: 2 }
    const watch = createChangeTracker(64)
    watch.beginParsed(root)
    delete root['b']
    Object.setPrototypeOf(root, { b: 2 })
    const changes: Change[] = []
    watch.diff(root, changes)
    expect(changes).toEqual([{ op: 'remove', path: '/b' }])
  })
})
