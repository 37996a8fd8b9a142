import { describe, expect, test } from 'vitest'
import { toOutcome } from '../../src/engine/outcome/to-outcome.ts'
import { isFromWorker, readCounts } from '../../src/sandbox/wire/message-checks.ts'
import { readRecords } from '../../src/sandbox/wire/records.ts'
import { writeRecords } from '../../src/sandbox/worker/run/rule-progress.ts'

const done = { type: 'done', id: 1, status: 'ok', login: '', rules: '[]' }
const call = { type: 'call', id: 1, op: 2, name: 'users.updateUserMetadata', body: '{}' }
const record = {
  report: { status: 'ok', changes: [{ op: 'add', path: '/user/a', value: 1 }] },
  durationMs: 1,
  cpuMs: 1,
  logs: [{ level: 'log', message: 'x' }],
  requests: [{ method: 'GET', url: 'http://x', durationMs: 1 }],
}

describe('SE-11: of what comes out of a worker', () => {
  test.each([
    { type: 'ready' },
    { type: 'need', hash: 'a' },
    { type: 'sideEffect', id: 1 },
    { type: 'pong' },
    { type: 'evicted', id: 1 },
    { type: 'coverage', hash: 'a', counts: '[]' },
    { type: 'inspected', message: '{}' },
    call,
    done,
  ])('%j is a message', (message) => {
    expect(isFromWorker(message)).toBe(true)
  })

  test.each([
    ['nothing', undefined],
    ['null', null],
    ['text', 'ready'],
    ['a list', []],
    ['no type', {}],
    ['an unknown type', { type: 'exit' }],
    ['a type of the prototype', { type: 'constructor' }],
    ['a type that is an object', { type: ['ready'] }],
    ['a field too many', { type: 'ready', extra: 1 }],
    ['a field too few', { type: 'call', id: 1, op: 2, name: 'x' }],
    ['an id that is text', { ...call, id: '1' }],
    ['an id that is no whole number', { ...call, id: 1.5 }],
    ['an id that is not positive', { ...call, op: 0 }],
    ['an unknown status', { ...done, status: 'allow' }],
    ['an unknown code', { ...done, status: 'error', error: { code: 'OTHER', message: 'x' } }],
    ['a body that is an object', { ...call, body: {} }],
  ])('%s is none', (_what, message) => {
    expect(isFromWorker(message)).toBe(false)
  })

  test('records of rules are read where they are whole', () => {
    const quiet = { ...record, logs: [], requests: [] }
    const written = [record, quiet].map((one) => ({ ...one, report: JSON.stringify(one.report) }))
    expect(readRecords(writeRecords(written))).toEqual([record, quiet])
    const wire = { report: record.report, us: [1, 1], requests: record.requests }
    expect(readRecords(JSON.stringify([wire]))).toHaveLength(1)
    const broken = [
      'not json',
      '{}',
      '[null]',
      JSON.stringify([{ ...wire, report: '{}' }]),
      JSON.stringify([{ ...wire, report: { status: 'fine', changes: [] } }]),
      JSON.stringify([{ ...wire, report: { status: 'ok', changes: [{ op: 'test', path: '/' }] } }]),
      JSON.stringify([{ ...wire, requests: [{ method: 'GET', url: {}, durationMs: 1 }] }]),
      JSON.stringify([{ ...wire, extra: 1 }]),
    ]
    expect(broken.map(readRecords)).toEqual(broken.map(() => undefined))
  })

  test('counts of what ran are read where they are whole', () => {
    const range = { startOffset: 0, endOffset: 9, count: 1 }
    const counted = { functionName: 'f', isBlockCoverage: true, ranges: [range] }
    const whole = [{ rule: 0, functions: [counted] }]
    expect(readCounts(JSON.stringify(whole))).toEqual(whole)
    const broken = [
      'not json',
      '{}',
      JSON.stringify([{ rule: -1, functions: [] }]),
      JSON.stringify([{ rule: 0, functions: [{ ...counted, ranges: [] }] }]),
      JSON.stringify([{ rule: 0, functions: [{ ...counted, ranges: [{ ...range, count: 'x' }] }] }]),
      JSON.stringify([{ rule: 0, functions: [{ ...counted, url: 'x' }] }]),
    ]
    expect(broken.map(readCounts)).toEqual(broken.map(() => undefined))
  })

  test.each([
    'garbage',
    '[]',
    '[null]',
    '[1]',
    '[{"user":1,"context":{}}]',
    '[{"user":{},"context":[]}]',
    '[{"user":{},"context":null}]',
    '[{"user":{},"context":{}},{}]',
  ])('the login %j is an error, and nothing is thrown', (login) => {
    const before = { user: { name: 'Ada' }, context: {} }
    const outcome = toOutcome(
      { status: 'ok', login, rules: [] },
      { before, encoded: { text: JSON.stringify([before]), copy: undefined } },
      [],
    )
    expect(outcome).toMatchObject({ outcome: 'error', error: { code: 'WORKER_LOST' }, ...before })
  })
})
