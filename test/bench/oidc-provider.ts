import { createEngine } from 'claimsmith'
import { createProviderRules } from 'claimsmith/oidc-provider'
import { openOidcProvider } from '../adapters/oidc-provider-server.ts'
import { configuration, login, scripts } from './login.ts'
import { type Entrant, measure } from './measure.ts'
import type { Figure } from './report.ts'

const { user } = login
const roles = 'https://example.com/roles'
const declared = { openid: ['sub', roles], profile: ['name', 'picture'], email: ['email'] }

/** What our claims cost at oidc-provider's /me, against the same server with claims that never change. */
export async function oidc(): Promise<Figure[]> {
  const rules = scripts.map((script, index) => ({
    name: `rule-${index + 1}`,
    script: script.replace('context.stats.loginsCount', '1'),
  }))
  const engine = createEngine({ rules, configuration })
  const provided = createProviderRules({ engine, findUser: async () => user })
  const constant = { name: user.name, picture: user.picture, email: user.email, [roles]: ['employee'] }
  const servers = await Promise.all([
    openOidcProvider({
      configuration: {
        claims: declared,
        findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId, ...constant }) }),
      },
    }),
    openOidcProvider({
      configuration: { ...provided.configuration, claims: declared },
      policy: provided.policy,
      middleware: provided.showUndeclared,
    }),
  ])
  const entrants = await Promise.all(
    ['constant claims', 'our claims'].map(async (name, index): Promise<Entrant> => {
      const server = servers[index]
      if (server === undefined) throw new Error(`there is no server with ${name}`)
      const { access_token: token } = await server.login(user.user_id)
      const run = async (): Promise<void> => {
        const response = await fetch(`${server.url}/me`, { headers: { authorization: `Bearer ${token}` } })
        const claims = (await response.json()) as Record<string, unknown>
        if (claims[roles] === undefined) throw new Error(`/me answered ${JSON.stringify(claims)}`)
      }
      return [name, { run, close: () => undefined }, 400]
    }),
  )
  const us = await measure(entrants)
  for (const server of servers) server.close()
  await engine.close()
  const of = (name: string): number => us.get(name) ?? Number.NaN
  return [
    ...[...us].map(([name, value]) => ({ name: `/me of oidc-provider, ${name}`, value, unit: 'µs a request' })),
    {
      name: 'throughput of /me, our claims ÷ constant claims',
      value: of('constant claims') / of('our claims'),
      unit: '×',
      least: 0.8,
    },
  ]
}
