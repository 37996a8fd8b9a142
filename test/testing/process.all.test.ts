import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const kit = fileURLToPath(new URL('../../src/testing/index.ts', import.meta.url))
const run = (code: string) =>
  promisify(execFile)(
    process.execPath,
    ['--input-type=module', '-e', `import { loadRule } from ${JSON.stringify(kit)}; ${code}`],
    {
      timeout: 15_000,
    },
  )

test('a process ends when its tests are over, and its worker with it', async () => {
  const { stdout } = await run(`
    const rule = loadRule('function (user, context, callback) { setTimeout(() => callback(null, user, context), 20) }')
    const { outcome } = await rule()
    console.log(outcome)`)
  expect(stdout).toBe('allow\n')
})

test('a process waits for rules that are under way', async () => {
  const { stdout } = await run(`
    loadRule('function (user, context, callback) { setTimeout(() => callback(null, user, context), 50) }')({}, {}, () => console.log('called back'))`)
  expect(stdout).toBe('called back\n')
})

test('what a callback throws later ends a process that does not look, as it does in Node', async () => {
  const failure = await run(`
    loadRule('function (user, context, callback) { setTimeout(() => callback(null, user, context), 5) }')({}, {}, () => { throw new Error('assertion') })`).catch(
    (error: unknown) => error as { stderr: string; code: number },
  )
  expect(failure).toMatchObject({ code: 1, stderr: expect.stringContaining('Error: assertion') })
})
