import { afterAll, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'
import { createHook } from '../../../src/http/hooks/hooks.ts'
import { logtoScript } from '../../../src/http/hooks/logto-script.ts'
import { payloads } from './deliveries.ts'

const engine = createEngine({
  rules: [
    {
      name: 'tier',
      script: `function (user, context, callback) {
        if (user.name !== 'Ada') return callback(new UnauthorizedError('Not today.'));
        context.accessToken.tier = 'gold';
        callback(null, user, context);
      }`,
    },
  ],
  limits: { workers: 1 },
})
afterAll(() => engine.close())

const secret = 'logto-secret'
const handler = createHook('logto', { engine, secret })

/** Runs the script as Logto does, with `fetch` leading here. */
async function run(input: object, given = secret): Promise<unknown> {
  // oxlint-disable-next-line typescript/no-implied-eval -- the script is text to paste, and this is where it is tried
  const make = new Function('fetch', `${logtoScript}; return getCustomJwtClaims`) as (
    fetch: unknown,
  ) => (input: object) => Promise<unknown>
  const script = make((url: string, init: RequestInit) => handler(new Request(url, init)))
  const environmentVariables = { CLAIMSMITH_URL: 'https://rules.example/hooks/logto', CLAIMSMITH_SECRET: given }
  return script({ ...input, environmentVariables, api: { denyAccess: (reason: string) => `denied: ${reason}` } })
}

test('the script gets the claims', async () => {
  expect(await run(payloads.logto)).toEqual({ tier: 'gold' })
})

test('the script refuses as the rules do', async () => {
  const { token, context } = payloads.logto
  const input = { token, context: { ...context, user: { ...context.user, name: 'Mallory' } } }
  expect(await run(input)).toBe('denied: Not today.')
})

test('the script fails where its secret is wrong, so that no token is made', async () => {
  await expect(run(payloads.logto, 'wrong')).rejects.toThrow('claimsmith answered 401')
})
