import { expect } from 'vitest'
import type { StoreCases } from './store-case.ts'
import { adaId, startMs } from './store-case.ts'

export const loginLogCases: StoreCases = {
  'keeps the logins of a user, newest first, and forgets old ones': async ({ store }) => {
    const all = { page: 0, perPage: 50 }
    await store.loginLogs.write({ type: 's', atMs: startMs, user_id: adaId, ip: '203.0.113.9', client_id: 'app' })
    await store.loginLogs.write({ type: 'fp', atMs: startMs + 5, user_id: adaId, description: 'Wrong password.' })
    await store.loginLogs.write({ type: 'fu', atMs: startMs, user_name: 'nobody' })
    const { logs, total } = await store.loginLogs.listByUser(adaId, all)
    expect(total).toBe(2)
    expect(logs.map(({ type, atMs }) => [type, atMs])).toEqual([
      ['fp', startMs + 5],
      ['s', startMs],
    ])
    expect(logs[1]).toMatchObject({ ip: '203.0.113.9', client_id: 'app', log_id: expect.any(String) as string })
    const first = await store.loginLogs.listByUser(adaId, { page: 1, perPage: 1, oldestFirst: true })
    expect(first.logs.map(({ type }) => type)).toEqual(['fp'])
    expect(await store.loginLogs.purgeBefore(startMs + 1)).toBe(2)
    expect((await store.loginLogs.listByUser(adaId, all)).total).toBe(1)
  },
}
