import { expect, test } from 'vitest'
import { openStore } from '../../src/store/index.ts'
import { testDatabases } from './databases.ts'
import { describeContract } from './describe-contract.ts'

// The contract on SQLite in a file takes as long as in memory, and both run the same SQL: contract-in-a-file.all.test.ts has it.
describeContract(testDatabases().filter(([name]) => name !== 'SQLite in a file'))

test.each(['', 'memory', 'sqlite:', 'sqlite://host/x.db', 'mysql://u:hunter2@h/db', '/tmp/x.db', 'file:x.db'])(
  'the URL %j is refused, and not repeated',
  async (url) => {
    const error: unknown = await openStore(url).catch((caught: unknown) => caught)
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT' })
    expect((error as Error).message).not.toContain('hunter2')
  },
)

test.each([
  'postgres://nobody:hunter2@127.0.0.1:1/none',
  'postgres://no body:hunter2@[::1/none',
  'postgresql://u:hunter2@host.invalid/db',
])('a PostgreSQL that cannot be reached is told without the URL', async (url) => {
  const error: unknown = await openStore(url).catch((caught: unknown) => caught)
  expect(error).toMatchObject({ code: expect.stringMatching(/^(STORE_FAILED|INVALID_ARGUMENT)$/) })
  expect((error as Error).message).not.toContain('hunter2')
})
