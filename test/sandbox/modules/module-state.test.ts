import { describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'
import { cases } from './module-state-cases.ts'
import { useModuleState } from './use-module-state.ts'

describe('a login finds nothing that an earlier one left in a package', { timeout: 60_000 }, () => {
  const findSeen = useModuleState({})
  test.each(Object.entries(cases))('%s', async (_, one) => {
    expect(await findSeen(one)).toEqual(one.clean)
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
