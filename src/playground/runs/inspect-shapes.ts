import type { UserAndContext } from '../../engine/run/encode-login.ts'
import type { ApiShapes } from '../http/api-types.ts'
import type { DryRunner } from './dry-runner.ts'

/** Asks the sandbox itself what it gives to rules and actions, so that nothing else has to know it. */
const shapeFunctionSource = `const shapeOf = (value, depth) => {
  if (typeof value === 'function') return 'function'
  if (typeof value !== 'object' || value === null || Array.isArray(value) || depth === 0) return 'value'
  return Object.fromEntries(Object.getOwnPropertyNames(value).map((name) => [name, shapeOf(value[name], depth - 1)]))
}`
const rules = [
  {
    name: 'rule',
    script: `function (user, context, callback) {
      ${shapeFunctionSource}
      console.log(JSON.stringify({ auth0: shapeOf(auth0, 3) }))
      callback(null, user, context)
    }`,
  },
  {
    name: 'action',
    script: `exports.onExecutePostLogin = async (event, api) => {
      ${shapeFunctionSource}
      console.log(JSON.stringify({ event: shapeOf(event, 4), api: shapeOf(api, 4) }))
    }`,
  },
]

/** What rules find at such a login, and actions; undefined where it could not be asked. */
export async function inspectShapes(runner: DryRunner, login: UserAndContext): Promise<ApiShapes | undefined> {
  const outcome = await runner.run({ rules, configuration: {}, login })
  const texts = outcome?.rules.map(({ logs }) => logs[0]?.message)
  if (texts?.length !== rules.length) return undefined
  return Object.assign({}, ...texts.map((text) => JSON.parse(text ?? '{}') as object)) as ApiShapes
}
