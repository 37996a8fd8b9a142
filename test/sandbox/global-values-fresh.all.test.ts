import { describe, expect, test } from 'vitest'
import { rule, useEngine } from '../engine/use-engine.ts'
import { describeGlobalValues } from './global-values-cases.ts'

describeGlobalValues('fresh')

describe('functions on global that each keep a realm', () => {
  const { engine, run } = useEngine({ realm: 'fresh', limits: { workers: 1 } })

  test('are removed, the oldest first, before the isolate is full, and the trace says so', async () => {
    const script = rule(
      `global.clients = global.clients || []; global.clients.push({ by: user.name, call: () => user.name }); user.found = global.clients.filter((one) => one.call !== undefined).map((one) => one.by); callback(null, user, context)`,
    )
    await run(script, { user: { name: '0' } })
    const outcomes = []
    for (let index = 1; index < 40; index++) outcomes.push(await engine.run({ user: { name: String(index) } }))
    const last = outcomes.at(-1)
    expect(last?.user['found']).toEqual(['31', '32', '33', '34', '35', '36', '37', '38', '39'])
    expect(last?.rules[0]?.logs[0]?.message).toContain('global.clients has lost functions or class instances')
  })
})
