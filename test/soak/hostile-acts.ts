import type { ScriptCase } from '../battery/cases/battery-case.ts'
import { cpuCases } from '../battery/cases/cpu.ts'
import { floodCases } from '../battery/cases/floods.ts'
import { memoryCases } from '../battery/cases/memory.ts'
import type { Servers } from '../battery/cases/servers.ts'

/** The cases of the battery that hostile logins run, by their mechanisms. */
const chosen: ReadonlySet<string> = new Set([
  'an endless loop',
  'an endless chain of microtasks',
  'a loop after a timer',
  'a loop after a request',
  'a promise that never settles',
  'powers of big numbers, as text',
  'an error whose message never ends',
  'a regular expression that backtracks',
  'a Map that is filled for ever',
  'padding',
  'a spread of a long string',
  'a flood of timers',
  'a flood of requests',
  'a huge string',
  'a tree that shares its branches',
])

const cases: readonly ScriptCase[] = [...cpuCases, ...memoryCases, ...floodCases].filter(({ mechanism }) =>
  chosen.has(mechanism),
)

/** What hostile logins do; the index of one is the `act` of a user. */
export const actNames: readonly string[] = cases.map(({ id, mechanism }) => `${id} ${mechanism}`)

/** Writes a rule that attacks if its user has an `act`, and otherwise marks the login with the user's own id. */
export function writeSoakRule(servers: Servers): string {
  const acts = cases.map(({ script }) => {
    const body = typeof script === 'string' ? script : script(servers)
    return `function (user, context, callback) { ${body} }`
  })
  return `function (user, context, callback) {
    if (user.act !== undefined) return [${acts.join(',\n')}][user.act](user, context, callback);
    user.seen = user.user_id; callback(null, user, context);
  }`
}
