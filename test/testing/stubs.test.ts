import { EventEmitter } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test, vi } from 'vitest'
import { loadRule } from '../../src/testing/index.ts'
import { find } from './find.ts'

describe('a function of the test’s', () => {
  test('gives the rule its result at once', async () => {
    expect((await find(`user.found = stub(1) + stub(2)`, { stub: (n: number) => n * 10 })).found).toBe(30)
  })

  test('gives it a promise where it is async, and a rejection as an error', async () => {
    const stub = async (fails: boolean) => {
      await delay(5)
      if (fails) throw Object.assign(new RangeError('too far'), { code: 'E_FAR' })
      return { when: new Date(5) }
    }
    const { found } = await find(
      `user.found = [(await stub(false)).when.getTime(), await stub(true).catch((e) => [e instanceof Error, e.name, e.code, e.message])]`,
      { stub },
    )
    expect(found).toEqual([5, [true, 'RangeError', 'E_FAR', 'too far']])
  })

  test('records its calls where the test is', async () => {
    const stub = vi.fn<(...args: unknown[]) => string>(() => 'answer')
    await find(`stub(1, { a: [new Date(0)] }, undefined); stub.call(null)`, { stub })
    expect(stub.mock.calls).toEqual([[1, { a: [new Date(0)] }, undefined], []])
  })

  test('calls back into the rule, and gets what that returns', async () => {
    const map = (list: unknown[], one: (item: unknown, index: number) => unknown) => list.map(one)
    expect((await find(`user.found = map([1, 2], (n, index) => n * 10 + index)`, { map })).found).toEqual([10, 21])
  })

  test('calls back later, and as often as it likes', async () => {
    const later = (count: number, callback: (n: number) => void) => {
      for (let n = 0; n < count; n++) setTimeout(() => callback(n), 5 * n)
    }
    const body = `user.found = await new Promise((done) => { const all = []; later(3, (n) => { all.push(n); if (n === 2) done(all) }) })`
    expect((await find(body, { later })).found).toEqual([0, 1, 2])
  })

  test('is called by functions that it gave away: calls nest in both directions', async () => {
    const outer = (callback: (inner: (n: number) => number) => number) => callback((n) => n + 1) * 100
    expect((await find(`user.found = outer((inner) => inner(inner(1)))`, { outer })).found).toBe(300)
  })

  test('throws errors that the rule catches as errors', async () => {
    const stub = () => {
      throw Object.assign(new TypeError('no such table'), { code: 'E_TABLE', statusCode: 500 })
    }
    const { found } = await find(
      `try { stub() } catch (e) { user.found = [e instanceof Error, e instanceof TypeError, e.code, e.statusCode, e.message] }`,
      { stub },
    )
    expect(found).toEqual([true, true, 'E_TABLE', 500, 'no such table'])
  })

  test('is named where nobody catches what it throws', async () => {
    const db = {
      query() {
        throw new Error('no such table')
      },
    }
    const { outcome } = await find(`db.query('select')`, { db })
    expect(outcome.error?.message).toMatch(/no such table.*\(thrown by the stub db\.query\)$/)
    const rejecting = await find(`await query()`, { query: () => Promise.reject(new Error('gone')) })
    expect(rejecting.outcome.reason).toMatch(/gone.*\(thrown by the stub query\)$/)
  })

  test('throws what a callback of the rule’s throws', async () => {
    const seen: unknown[] = []
    const call = (callback: () => void) => {
      try {
        callback()
      } catch (error) {
        seen.push(error instanceof Error, (error as Error).message)
        throw error
      }
    }
    const { found } = await find(
      `try { call(() => { throw new Error('mine') }) } catch (e) { user.found = e.message }`,
      { call },
    )
    expect(seen).toEqual([true, 'mine'])
    expect(found).toBe('mine')
  })

  test('may not call back: then the rule has not ended', async () => {
    const outcome = await loadRule(`function (user, context, callback) { stub(1) }`, {
      globals: { stub: () => undefined },
    })()
    expect(outcome.error).toMatchObject({ code: 'RULE_NO_CALLBACK' })
  })
})

describe('objects of the test’s', () => {
  test('are constructed, and their methods return objects with methods', async () => {
    class Connection extends EventEmitter {
      readonly options: object
      constructor(options: object) {
        super()
        this.options = options
        setTimeout(() => this.emit('connect', undefined, { rows: 2 }), 5)
      }
      execSql(statement: { readonly sql: string; done(error: null, rows: number): void }) {
        statement.done(null, statement.sql.length)
        return this
      }
    }
    class Request {
      readonly sql: string
      readonly done: (error: null, rows: number) => void
      constructor(sql: string, done: (error: null, rows: number) => void) {
        this.sql = sql
        this.done = done
      }
    }
    const tedious = { Connection, Request, TYPES: { VarChar: 'VarChar' } }
    const { found } = await find(
      `const { Connection, Request, TYPES } = require('tedious@1.2.3')
      user.found = await new Promise((done) => {
        const connection = new Connection({ server: 'db' })
        connection.on('connect', (error, facts) => {
          connection.execSql(new Request('select', (e, rows) =>
            done([rows, facts.rows, TYPES.VarChar, connection.options.server, connection instanceof Connection]))) })
      })`,
      {},
      { tedious },
    )
    expect(found).toEqual([6, 2, 'VarChar', 'db', true])
  })

  test('chain, as clients do', async () => {
    const chain = {
      list: [] as unknown[],
      add(item: unknown) {
        this.list.push(item)
        return this
      },
      all() {
        return this.list
      },
    }
    const { found } = await find(
      `user.found = [chain.add(1).add(2).all(), chain.add(3) === chain, Object.keys(chain)]`,
      { chain },
    )
    expect(found).toEqual([[1, 2], true, ['list', 'add', 'all']])
  })

  test('come home as they are, whatever a rule did with them', async () => {
    class Token {
      readonly secret = 'x'
    }
    const token = new Token()
    const stub = vi.fn<(...args: unknown[]) => void>()
    await find(`stub(give(), [give], { token: give() })`, { stub, give: () => token })
    const [[first, , third]] = stub.mock.calls as unknown as [[unknown, unknown, { token: unknown }]]
    expect(first).toBe(token)
    expect(third.token).toBe(token)
  })

  test('are written to', async () => {
    const cache: { token?: string; get(): void } = { get() {} }
    await find(`cache.token = 'x'; delete cache.get`, { cache })
    expect(cache).toEqual({ token: 'x' })
  })

  test('are copied where they are data: dates, bytes, maps, patterns, errors, circles', async () => {
    const circle: Record<string, unknown> = { name: 'circle' }
    circle['self'] = circle
    const seen = vi.fn<(values: unknown[]) => void>()
    const values = [
      new Date(7),
      Buffer.from('héllo'),
      new Map([['a', 1]]),
      new Set([1]),
      /x/gi,
      10n,
      Number.NaN,
      circle,
    ]
    await find(`seen(get())`, { seen, get: () => values })
    const [got] = seen.mock.calls[0] as [unknown[]]
    expect(got.slice(0, 1)).toEqual([new Date(7)])
    expect(Buffer.from(got[1] as Uint8Array).toString()).toBe('héllo')
    expect(got.slice(2, 7)).toEqual([new Map([['a', 1]]), new Set([1]), /x/gi, 10n, Number.NaN])
    const round = got[7] as Record<string, unknown>
    expect(round['self']).toBe(round)
  })

  test('are data for a rule that does not change them for the test', async () => {
    const table = { roles: ['admin'] }
    await find(`table.roles.push('other')`, { table })
    expect(table).toEqual({ roles: ['admin'] })
  })
})
