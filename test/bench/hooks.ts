import { createEngine } from 'claimsmith'
import { createHook } from 'claimsmith/hooks'
import { Hono } from 'hono'
import { configuration, login, scripts } from './login.ts'
import { type Entrant, measure } from './measure.ts'
import type { Figure } from './report.ts'

const secret = 'the-secret-of-the-bench'
const { user, context } = login
const body = JSON.stringify({
  session: { id_token: { subject: user.user_id, id_token_claims: { ext: user } }, extra: {} },
  request: {
    client_id: context.clientID,
    granted_scopes: context.accessToken.scope,
    grant_types: ['authorization_code'],
  },
})

/** What a hook adds to its rules and to an HTTP framework that does nothing. */
export async function hooks(): Promise<Figure[]> {
  // The claims of a login are all that a hook knows, so there is no metadata.
  const rules = scripts.map((script, index) => ({
    name: `rule-${index + 1}`,
    script: script.replace('context.stats.loginsCount', '1'),
  }))
  const engine = createEngine({ rules, configuration })
  const hook = createHook('hydra', { engine, secret })
  const empty = new Hono().post('/hooks/hydra', (c) => c.json({}))
  const served = new Hono().post('/hooks/hydra', (c) => hook(c.req.raw))
  const call = (app: Hono) => async () => {
    const headers = { 'content-type': 'application/json', 'x-api-key': secret }
    const response = await app.request('/hooks/hydra', { method: 'POST', headers, body })
    if (response.status !== 200) throw new Error(`the hook answered ${response.status}`)
    return response.text()
  }
  const close = (): void => undefined
  const entrants: readonly Entrant[] = [
    ['engine alone', { run: () => engine.run(login), close }, 4_000],
    ['empty POST handler', { run: call(empty), close }, 4_000],
    ['hook', { run: call(served), close }, 4_000],
  ]
  const us = await measure(entrants)
  await engine.close()
  const of = (name: string): number => us.get(name) ?? Number.NaN
  return [
    ...[...us].map(([name, value]) => ({ name: `five rules, ${name}`, value, unit: 'µs a login' })),
    {
      name: 'a hook ÷ (engine alone + empty POST handler)',
      value: of('hook') / (of('engine alone') + of('empty POST handler')),
      unit: '×',
      most: 1.5,
    },
  ]
}
