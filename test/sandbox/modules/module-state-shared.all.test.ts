import { describe, expect, test } from 'vitest'
import { cases } from './module-state-cases.ts'
import { useModuleState } from './use-module-state.ts'

describe("with moduleState 'shared' it finds what is not in plain exports", { timeout: 60_000 }, () => {
  const findSeen = useModuleState({ moduleState: 'shared' })
  test.each(Object.entries(cases))('%s', async (_, one) => {
    expect(await findSeen(one)).toEqual(one.shared)
  })
})
