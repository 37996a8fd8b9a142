import { expect, test } from 'vitest'
import { useCanary } from './canary.ts'

const expectNoCanary = useCanary()

test('a rule that shows all it has and throws never shows a secret with hosts, and its service gets it', async () => {
  expect.hasAssertions()
  await expectNoCanary('throw new Error(JSON.stringify(seen).slice(0, 2_000))')
})
