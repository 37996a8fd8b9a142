import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createSqlCompiler, joinSql, raw, sql, type Sql, SqlParameter } from '../../src/store/search/template.ts'

const writePostgres = () => createSqlCompiler((number) => `$${number}`)

describe('SQL', () => {
  test('is written with its values apart, numbered in their order, through pieces within pieces', () => {
    const inner = sql`a = ${1} or ${raw('b')} = ${'two'}`
    const query = sql`select ${raw('*')} from t where (${inner}) and c in (${joinSql([3, null], ', ')}) and d = ${4}`
    expect(writePostgres()(query)).toEqual({
      text: 'select * from t where (a = $1 or b = $2) and c in ($3, $4) and d = $5',
      values: [1, 'two', 3, null, 4],
    })
  })

  test('of a row of nothing is nothing, and a row of one has no separator', () => {
    const write = createSqlCompiler(() => '?')
    expect(write(joinSql([], ', ')).text).toBe('')
    expect(write(joinSql([sql`a = ${1}`], ' and ')).text).toBe('a = ?')
  })

  test('has a value that stands in several places once, and equal values as often as they stand', () => {
    const name = new SqlParameter('ada')
    const write = writePostgres()
    const query = sql`a = ${name} or b = ${1} or ${sql`c = ${name}`} or d = ${'ada'}`
    expect(write(query)).toEqual({ text: 'a = $1 or b = $2 or c = $1 or d = $3', values: ['ada', 1, 'ada'] })
    expect(write(sql`a = ${name} or b = ${new SqlParameter('ada')}`).values).toEqual(['ada', 'ada'])
    expect(write(sql`a = ${name} or b = ${name}`)).toEqual({ text: 'a = $1 or b = $1', values: ['ada'] })
  })

  test('never takes a value for text, whatever was written before', () => {
    const write = createSqlCompiler(() => '?')
    expect(write(sql`a = ${raw('b')}`)).toEqual({ text: 'a = b', values: [] })
    expect(write(sql`a = ${'b'}`)).toEqual({ text: 'a = ?', values: ['b'] })
    expect(write(sql`a = ${''}`)).toEqual({ text: 'a = ?', values: [''] })
    expect(write(sql`a = ${raw('')}`)).toEqual({ text: 'a = ', values: [] })
  })

  test('is, from a writer that wrote much before, what a new one writes', () => {
    const [shared, other] = [new SqlParameter('a'), new SqlParameter('b')]
    const word = fc.constantFrom('', 'a', 'b', 'a and b', ' = ', ', ', '?')
    const { piece } = fc.letrec<{ piece: Sql }>((tie) => ({
      piece: fc.oneof(
        { depthSize: 'small', maxDepth: 4 },
        word.map(raw),
        fc.oneof(word, fc.integer(), fc.boolean()).map((value) => sql`a = ${value}`),
        fc.constantFrom(shared, other).map((value) => sql`b = ${value}`),
        fc.tuple(tie('piece'), tie('piece')).map(([one, two]) => sql`(${one} or ${two})`),
        fc.tuple(fc.array(fc.oneof(word, tie('piece')), { maxLength: 3 }), word).map(([of, by]) => joinSql(of, by)),
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
