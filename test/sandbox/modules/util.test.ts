import { formatWithOptions } from 'node:util'
import { expect, test } from 'vitest'
import { rule, useEngine } from '../../engine/use-engine.ts'

const { run } = useEngine()

test.each([
  [[{}, 'plan %s of %d', 'pro', 3]],
  [[{ depth: 0 }, 'changed', { a: { b: 1 } }, 'at', 7]],
  [[{ depth: 0 }, { a: { b: 1 } }, 'alone']],
  [[{}, '%j and more', { a: 1 }, [1, 2], '%s']],
  [[{}, '100%% of %s', 'it']],
  [[{}]],
] as const)('util.formatWithOptions prints %j as Node does', async (values) => {
  const { user } = await run(
    rule(`user.text = require('util').formatWithOptions(...${JSON.stringify(values)}); callback(null, user, context);`),
  )
  expect(user['text']).toBe(formatWithOptions(...(values as unknown as Parameters<typeof formatWithOptions>)))
})
