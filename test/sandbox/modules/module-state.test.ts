import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'
import type { EngineOptions } from '../../../src/engine/options/engine-options.ts'
import { type Case, cases, installPackages, writeScript } from './module-state-cases.ts'

const folder = installPackages()
afterAll(() => rmSync(folder, { recursive: true }))

function useModuleState(moduleState: EngineOptions['moduleState']) {
  const engine = createEngine({
    rules: [],
    ...(moduleState === undefined ? {} : { moduleState }),
    snapshots: false,
    network: { fetch: (request) => new Response(request.headers.get('authorization') ?? 'none') },
    limits: { workers: 1, cpuPerRuleMs: 5_000, cpuPerLoginMs: 10_000, wallPerRuleMs: 15_000 },
  })
  afterAll(() => engine.close())
  /** Runs Alice's login, then another one, and returns what the second sees. */
  return async (one: Case): Promise<unknown> => {
    writeFileSync(join(folder, 'rules', 'uses.js'), writeScript(one))
    await engine.replace(join(folder, 'rules'))
    const first = await engine.run({ user: { name: 'Alice' }, context: {} })
    const { reason, user } = await engine.run({ user: { name: 'Bob' }, context: {} })
    expect([first.reason, reason]).toEqual([undefined, undefined])
    return user['seen']
  }
}

describe('a login finds nothing that an earlier one left in a package', { timeout: 60_000 }, () => {
  const findSeen = useModuleState(undefined)
  test.each(Object.entries(cases))('%s', async (_, one) => {
    expect(await findSeen(one)).toEqual(one.clean)
  })
})

describe("with moduleState 'shared' it finds what is not in plain exports", { timeout: 60_000 }, () => {
  const findSeen = useModuleState('shared')
  test.each(Object.entries(cases))('%s', async (_, one) => {
    expect(await findSeen(one)).toEqual(one.shared)
  })
})

test('moduleState is one of two words', () => {
  const create = () => createEngine({ rules: [], moduleState: 'fresh' as 'shared' })
  expect(create).toThrow(
    expect.objectContaining({
      code: 'INVALID_ARGUMENT',
      message: "moduleState is 'fresh'; give 'isolated' or 'shared'",
    }),
  )
})
