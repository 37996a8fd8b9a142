import { expect, test } from 'vitest'
import { createProviderRules } from '../../src/adapters/oidc-provider/index.ts'
import { rule, useEngine } from '../engine/use-engine.ts'

const { engine } = useEngine()
const { claims } = createProviderRules({ engine, findUser: async () => undefined })

test('oidc-provider is told of the claims that the rules set, beside those of the scopes, and of no reserved one', async () => {
  const script = rule(`context.idToken.sub = 'x'; context.idToken.iss = 'x'; context.idToken.exp = 1;
    context.idToken['https://example.com/roles'] = []; callback(null, user, context)`)
  await engine.replace([{ name: 'roles', script }])
  expect(claims({ profile: ['name', 'picture'], openid: ['acr'] })).toEqual({
    profile: ['name', 'picture'],
    openid: ['sub', 'acr', 'https://example.com/roles'],
  })
})
