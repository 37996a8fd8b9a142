import { afterAll, describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'

const timers = `const { setTimeout: after, setImmediate: soon, setInterval: every, scheduler } = require('timers/promises')`
const engines: { close(): Promise<void> }[] = []

afterAll(async () => {
  for (const engine of engines) await engine.close()
})

/** What an action finds to say of it. */
async function said(body: string): Promise<unknown> {
  const script = `${timers}; exports.onExecutePostLogin = async (event, api) => {
    const said = []; ${body}; api.idToken.setCustomClaim('said', said) }`
  const engine = createEngine({ rules: [{ name: 'waits', script }], limits: { workers: 1 } })
  engines.push(engine)
  const { claims, reason } = await engine.run({ user: { user_id: 'auth0|1' } })
  expect(reason).toBeUndefined()
  return claims.idToken['said']
}

const caught = `.catch(({ name, code, cause }) => said.push(name, code, cause))`

describe.concurrent('timers/promises', () => {
  test('wait for what they are told, and give the value', async () => {
    expect(
      await said(`said.push(await after(1, 'a'), await soon('b'), await after(1), await scheduler.wait(1))`),
    ).toEqual(['a', 'b', null, null])
  })

  test('can be had under their name with a prefix, too', async () => {
    expect(await said(`said.push(await require('node:timers/promises').setTimeout(1, 'a'))`)).toEqual(['a'])
  })

  test('go on in the order of their times', async () => {
    const body = `await Promise.all([after(40, 'late').then((it) => said.push(it)), after(1, 'early').then((it) => said.push(it))])`
    expect(await said(body)).toEqual(['early', 'late'])
  })

  test('come again and again, until the loop is left', async () => {
    expect(await said(`for await (const it of every(1, 'x')) if (said.push(it) === 3) break`)).toEqual(['x', 'x', 'x'])
  })

  test('end with their signal, also where it had been given before', async () => {
    const early = `const one = AbortSignal.abort('no'); await after(1, 'a', { signal: one })${caught}`
    expect(await said(early)).toEqual(['AbortError', 'ABORT_ERR', 'no'])
    const later = `const it = new AbortController(); soon().then(() => it.abort('late')); await after(60000, 'a', { signal: it.signal })${caught}`
    expect(await said(later)).toEqual(['AbortError', 'ABORT_ERR', 'late'])
  })

  test('of an interval end with its signal, while the loop waits for the next time', async () => {
    const body = `const it = new AbortController(); soon().then(() => it.abort('late'));
      const loop = async () => { for await (const one of every(60000, 'x', { signal: it.signal })) said.push(one) }; await loop()${caught}`
    expect(await said(body)).toEqual(['AbortError', 'ABORT_ERR', 'late'])
  })
})
