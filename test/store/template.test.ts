import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createSqlWriter, join, raw, sql, type Sql } from '../../src/store/sql/template.ts'

const writePostgres = () => createSqlWriter((number) => `$${number}`)

describe('SQL', () => {
  test('is written with its values apart, numbered in their order, through pieces within pieces', () => {
    const inner = sql`a = ${1} or ${raw('b')} = ${'two'}`
    const query = sql`select ${raw('*')} from t where (${inner}) and c in (${join([3, null], ', ')}) and d = ${4}`
    expect(writePostgres()(query)).toEqual({
      text: 'select * from t where (a = $1 or b = $2) and c in ($3, $4) and d = $5',
      values: [1, 'two', 3, null, 4],
    })
  })

  test('of a row of nothing is nothing, and a row of one has no separator', () => {
    const write = createSqlWriter(() => '?')
    expect(write(join([], ', ')).text).toBe('')
    expect(write(join([sql`a = ${1}`], ' and ')).text).toBe('a = ?')
  })

  test('never takes a value for text, whatever was written before', () => {
    const write = createSqlWriter(() => '?')
    expect(write(sql`a = ${raw('b')}`)).toEqual({ text: 'a = b', values: [] })
    expect(write(sql`a = ${'b'}`)).toEqual({ text: 'a = ?', values: ['b'] })
    expect(write(sql`a = ${''}`)).toEqual({ text: 'a = ?', values: [''] })
    expect(write(sql`a = ${raw('')}`)).toEqual({ text: 'a = ', values: [] })
  })

  test('is, from a writer that wrote much before, what a new one writes', () => {
    const word = fc.constantFrom('', 'a', 'b', 'a and b', ' = ', ', ', '?')
    const { piece } = fc.letrec<{ piece: Sql }>((tie) => ({
      piece: fc.oneof(
        { depthSize: 'small', maxDepth: 4 },
        word.map(raw),
        fc.oneof(word, fc.integer(), fc.boolean()).map((value) => sql`a = ${value}`),
        fc.tuple(tie('piece'), tie('piece')).map(([one, other]) => sql`(${one} or ${other})`),
        fc.tuple(fc.array(fc.oneof(word, tie('piece')), { maxLength: 3 }), word).map(([of, by]) => join(of, by)),
      ),
    }))
    const write = writePostgres()
    fc.assert(
      fc.property(piece, (one) => {
        expect(write(one)).toEqual(writePostgres()(one))
      }),
      { numRuns: 5_000 },
    )
  })
})
