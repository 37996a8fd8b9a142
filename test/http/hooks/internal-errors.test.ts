import { describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'
import { createHooks } from '../../../src/http/hooks/hooks.ts'
import { createAuthServer } from '../../../src/http/server.ts'
import { openStore } from '../../../src/store/open.ts'
import { deliver, payloads, secrets } from './deliveries.ts'

describe('an internal error', () => {
  const okta = { okta: secrets.okta }

  test('of a hook in a server is told to the operator, with the id of the request, and the login is denied', async () => {
    const errors: unknown[] = []
    const store = await openStore('memory:')
    const server = await createAuthServer({
      issuer: 'https://rules.example',
      store,
      hooks: okta,
      onInternalError: (error, requestId) => errors.push([String(error), requestId]),
    })
    await server.close()
    const response = await server.handler(deliver('okta', payloads.okta))
    await store.close()
    expect(await response.json()).toMatchObject({ error: { errorSummary: expect.stringContaining('internal error') } })
    expect(errors).toEqual([[expect.stringContaining('closed'), response.headers.get('x-request-id')]])
    expect(errors).toEqual([[expect.anything(), expect.stringMatching(/^[0-9a-f-]{36}$/)]])
  })

  test('is answered as well if telling the operator fails', async () => {
    const closed = createEngine({ rules: [], limits: { workers: 1 } })
    await closed.close()
    const hooks = createHooks({
      engine: closed,
      secrets: okta,
      onInternalError: () => {
        throw new Error('no log')
      },
    })
    expect((await hooks(deliver('okta', payloads.okta))).status).toBe(200)
  })
})
