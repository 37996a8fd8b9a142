import { describe, expect, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.ts'
import { action } from '../engine/use-engine.ts'
import { secretValues, useSecretService } from './secret-service.ts'

const { KEY: key } = secretValues
const service = useSecretService()

describe('a secret', () => {
  test.each([
    ['without hosts', { value: 'long enough' }],
    ['with no host', { value: 'long enough', hosts: [] }],
    ['that is too short', { value: 'short', hosts: ['crm.example'] }],
    ['with an unknown member', { value: 'long enough', hosts: ['crm.example'], host: 'x' }],
  ])('%s is refused', (_what, KEY) => {
    for (const option of ['configuration', 'secrets']) {
      expect(() => createEngine({ rules: [], [option]: { KEY } })).toThrow(
        expect.objectContaining({ code: 'INVALID_RULESET' }),
      )
    }
  })

  test('with a host that is none is refused, with its place and the cure', () => {
    const KEY = { value: 'long enough', hosts: ['https://crm.example'] }
    expect(() => createEngine({ rules: [], configuration: { KEY } })).toThrow(
      /^configuration\.KEY\.hosts\[0\] is 'https:\/\/crm\.example'; give a host such as/,
    )
  })

  test('of an action is put in as well, also one of its own', async () => {
    service.answer = () => ({})
    service.received = []
    const script = action(
      `await fetch('http://localhost:${service.port}/', { headers: { a: event.secrets.A, b: event.secrets.B } })`,
    )
    const secretEngine = createEngine({
      rules: [{ name: 'a', script, secrets: { A: { value: 'secret of its own', hosts: ['localhost'] } } }],
      secrets: { B: { value: 'secret of the engine', hosts: ['localhost'] } },
      network: { allow: ['127.0.0.1', '::1'] },
    })
    const outcome = await secretEngine.run({ user: { user_id: 'auth0|1' }, context: {} })
    expect([outcome.outcome, outcome.reason]).toEqual(['allow', undefined])
    expect(service.received[0]?.headers).toMatchObject({ a: 'secret of its own', b: 'secret of the engine' })
    await secretEngine.close()
  })

  test('has another placeholder for another value, and the same one for the same', async () => {
    const script = `(user, context, callback) => { user.KEY = configuration.KEY; callback(null, user, context) }`
    const read = async (one: string): Promise<unknown> => {
      await service.engine.replace([{ name: 'a', script }], { KEY: { value: one, hosts: ['localhost'] } })
      return (await service.engine.run({ user: { user_id: 'auth0|1' }, context: {} })).user['KEY']
    }
    const [first, second, again] = [await read('value one'), await read('value two'), await read('value one')]
    expect(first).toMatch(/^CLAIMSMITHSECRET[\da-f]{40}$/)
    expect(second).not.toBe(first)
    expect(again).toBe(first)
  })

  test('reaches the embedder, where it answers the requests itself', async () => {
    const seen: (string | null)[] = []
    const secretEngine = createEngine({
      rules: [
        {
          name: 'a',
          script: `async (user, context, callback) => { user.echo = await (await fetch('https://crm.example/', { headers: { key: configuration.KEY } })).text(); callback(null, user, context) }`,
        },
      ],
      configuration: { KEY: { value: key, hosts: ['crm.example'] } },
      network: {
        fetch(request) {
          seen.push(request.headers.get('key'))
          return new Response(`echo ${key}`)
        },
      },
    })
    const { user } = await secretEngine.run({ user: { user_id: 'auth0|1' }, context: {} })
    expect(seen).toEqual([key])
    expect(user['echo']).toMatch(/^echo CLAIMSMITHSECRET/)
    await secretEngine.close()
  })
})
