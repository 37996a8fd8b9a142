import type { UserAndContext } from '../../engine/run/encode-login.ts'
import type { ApiShapes } from '../http/api-types.ts'
import type { DryRunner } from './dry-runner.ts'

/** Runs in the sandbox, and lists the members that a value really has there. */
const shapeFunctionSource = `const inspectShape = (value, depth) => {
  if (typeof value === 'function') return 'function'
  if (typeof value !== 'object' || value === null || Array.isArray(value) || depth === 0) return 'value'
  return Object.fromEntries(Object.getOwnPropertyNames(value).map((name) => [name, inspectShape(value[name], depth - 1)]))
}`
const rules = [
  {
    name: 'rule',
    script: `function (user, context, callback) {
      ${shapeFunctionSource}
      console.log(JSON.stringify({ auth0: inspectShape(auth0, 3) }))
      callback(null, user, context)
    }`,
  },
  {
    name: 'action',
    script: `exports.onExecutePostLogin = async (event, api) => {
      ${shapeFunctionSource}
      console.log(JSON.stringify({ event: inspectShape(event, 4), api: inspectShape(api, 4) }))
    }`,
  },
]

/** Runs a rule and an action that log the shape of their globals; undefined if they could not run. */
export async function inspectShapes(runner: DryRunner, login: UserAndContext): Promise<ApiShapes | undefined> {
  const outcome = await runner.run({ rules, configuration: {}, login })
  const texts = outcome?.rules.map(({ logs }) => logs[0]?.message)
  if (texts?.length !== rules.length) return undefined
  return Object.assign({}, ...texts.map((text) => JSON.parse(text ?? '{}') as object)) as ApiShapes
}
