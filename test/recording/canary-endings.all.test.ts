import { expect, test } from 'vitest'
import { useCanary } from './canary.ts'

const expectNoCanary = useCanary()

test.each([
  ['calls back', 'callback(null, user, context)'],
  ['denies', 'callback(new UnauthorizedError(JSON.stringify(seen).slice(0, 2_000)))'],
])(
  'a rule that shows all it has and %s never shows a secret with hosts, and its service gets it',
  async (_how, ending) => {
    expect.hasAssertions()
    await expectNoCanary(ending)
  },
)
