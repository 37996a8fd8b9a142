import { expect, test } from 'vitest'
import type { Outcome } from '../../src/engine/outcome/outcome.ts'
import { actNames } from './hostile-acts.ts'
import { formatSoak, judgeSoak } from './judge.ts'
import { Ledger } from './ledger.ts'
import { createRandom } from './random.ts'

const rest = { context: {}, claims: { idToken: {}, accessToken: {} }, rules: [] }
const allow = (id: string, seen = id): Outcome => ({ ...rest, outcome: 'allow', user: { user_id: id, seen } })
const fail = (id: string, code: 'RULE_CPU' | 'WORKER_LOST'): Outcome => {
  const error = { code, message: code }
  return { ...rest, outcome: 'error', user: { user_id: id }, reason: code, error }
}

function openLedger(...ids: readonly string[]): Ledger {
  const ledger = new Ledger()
  ledger.startMinute(false)
  for (const id of ids) ledger.begin(id)
  return ledger
}

function complaintsOf(ledger: Ledger): readonly string[] {
  ledger.close()
  return ledger.complaints
}

test('a login with one outcome of its own is right, also if it lost its worker', () => {
  const ledger = openLedger('ada', 'bob', 'eve')
  ledger.end(allow('ada'), false)
  ledger.end(fail('bob', 'WORKER_LOST'), false)
  ledger.end(fail('eve', 'RULE_CPU'), true)
  expect(complaintsOf(ledger)).toEqual([])
  expect(ledger.minutes).toMatchObject([{ clean: { allow: 1, WORKER_LOST: 1 }, hostile: { RULE_CPU: 1 } }])
})

test('a login without an outcome, or with two, is wrong', () => {
  const ledger = openLedger('ada', 'bob')
  ledger.end(allow('ada'), false)
  ledger.end(allow('ada'), false)
  expect(complaintsOf(ledger)).toEqual(['ada has an outcome that nobody waits for', 'bob has no outcome'])
})

test('a clean login that is blamed, or has the data of another, is wrong', () => {
  const ledger = openLedger('ada', 'bob')
  ledger.end(fail('ada', 'RULE_CPU'), false)
  ledger.end(allow('bob', 'ada'), false)
  expect(complaintsOf(ledger)).toEqual(['clean login ada ended with RULE_CPU', 'bob has the data of ada'])
})

test('of many complaints the first twenty are kept, and the others counted', () => {
  const ledger = openLedger()
  for (let index = 0; index < 50; index++) ledger.complain(`wrong ${index}`)
  expect(ledger.complaints).toHaveLength(21)
  expect(ledger.complaints.at(-1)).toBe('and 30 more')
})

test('memory that goes on growing is wrong, and memory that grows at first is not', () => {
  const growing = Array.from({ length: 30 }, (_, index) => 100 + 4 * index)
  const settled = Array.from({ length: 30 }, (_, index) => 100 + Math.min(40, 8 * index))
  expect(judgeSoak(openLedger(), growing, 60_000, 1)).toMatchObject({
    rssSlopeMbPerMinute: 4,
    complaints: ["the parent's memory grew by 40.0 MB"],
  })
  expect(judgeSoak(openLedger(), settled, 60_000, 1).complaints).toEqual([])
})

test('the report has a row for each minute, the ratio and the seed', () => {
  const ledger = openLedger('ada')
  ledger.end(allow('ada'), false)
  ledger.startMinute(true)
  ledger.begin('bob')
  ledger.end(allow('bob'), false)
  const text = formatSoak(judgeSoak(ledger, [100], 5_000, 7))
  expect(text).toMatch(/\| 1 +\| baseline \| allow 1/)
  expect(text).toMatch(/\| 2 +\| hostile +\| allow 1/)
  expect(text).toMatch(/baseline: \d+\.\d\d\n/)
  expect(text).toContain('Seed: 7')
  expect(text).toContain('exactly one outcome')
})

test('the same seed gives the same numbers', () => {
  const [first, second] = [createRandom(7), createRandom(7)]
  const numbers = [first(), first(), first()]
  expect([second(), second(), second()]).toEqual(numbers)
  expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true)
})

test('hostile logins do fifteen things of the battery', () => {
  expect(actNames).toHaveLength(15)
})
