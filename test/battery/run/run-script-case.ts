import { createEngine } from '../../../src/engine/engine.ts'
import type { Outcome } from '../../../src/engine/outcome/outcome.ts'
import type { Engine } from '../../../src/engine/ports/engine.ts'
import { createHook } from '../../../src/http/hooks/hooks.ts'
import { deliver, nowMs, payloads, secrets } from '../../http/hooks/deliveries.ts'
import type { ScriptCase } from '../cases/battery-case.ts'
import { startServers } from '../cases/servers.ts'
import type { VariantOptions } from '../cases/variants.ts'
import type { TrialReport } from './trial.ts'

const maxHostRssMb = 250

type RunLogin = (name: string) => Promise<string>

/** Runs a ruleset that turns hostile for one user, again and again on one worker, beside clean logins of other users. */
export async function runScriptCase(
  attack: ScriptCase,
  variant: VariantOptions,
  repeats: number,
): Promise<TrialReport> {
  const { script, limits = {}, allow = [], inspectServers } = attack
  const servers = await startServers()
  const engine = createEngine({
    ...variant.engine,
    rules: [{ name: 'case', script: writeScript(typeof script === 'string' ? script : script(servers), variant) }],
    limits: { workers: 1, ...limits },
    network: { allow },
    realm: variant.realm,
    users: { updateUserMetadata: async (id) => ({ user_id: id }) },
  })
  const run = variant.entry === 'hook' ? loginByHook(engine) : loginByEngine(engine)
  const ended: string[] = []
  const complaints: string[] = []
  for (let repeat = 0; repeat < repeats; repeat++) {
    const [hostile, clean] = await Promise.all([run('hostile'), run('ada')])
    ended.push(hostile)
    if (clean !== 'allow') complaints.push(`a clean login beside it ended with ${clean}`)
  }
  const rssMb = Math.round(process.memoryUsage().rss / 1_048_576)
  if (rssMb >= maxHostRssMb) complaints.push(`the embedder holds ${rssMb} MB`)
  const seen = inspectServers?.(servers, repeats)
  if (seen !== undefined) complaints.push(seen)
  await engine.close()
  servers.close()
  return { ended, complaints }
}

function writeScript(script: string, { entry, prelude = '' }: VariantOptions): string {
  if (entry === 'action') {
    return `exports.onExecutePostLogin = async (event, api) => {
      const user = event.user, context = {}, callback = () => undefined;
      ${prelude}
      if (event.user.name !== 'hostile') return;
      ${script}
    }`
  }
  return `function (user, context, callback) {
    ${prelude}
    if (user.name !== 'hostile') return callback(null, user, context);
    ${script}
  }`
}

const nameEnd = ({ outcome, error }: Outcome): string => error?.code ?? outcome

function loginByEngine(engine: Engine): RunLogin {
  return async (name) => nameEnd(await engine.run({ user: { name } }))
}

/** Logs in by a hook, and checks that the auth server is told to go on only if the outcome says so. */
function loginByHook(engine: Engine): RunLogin {
  let deliveries = 0
  return async (name) => {
    let end = 'no login'
    const watched: Engine = {
      ...engine,
      async run(login, options) {
        const outcome = await engine.run(login, options)
        end = nameEnd(outcome)
        return outcome
      },
    }
    const handler = createHook('okta', { engine: watched, secret: secrets.okta, clock: () => nowMs })
    const text = JSON.stringify({ ...payloads.okta, eventId: `event-${(deliveries += 1)}` })
    const response = await handler(deliver('okta', text.replaceAll('"name":"Ada"', `"name":"${name}"`)))
    const isAllowed = !('error' in ((await response.json()) as object))
    return isAllowed === (end === 'allow') ? end : `${end}, but the hook says ${isAllowed ? 'allow' : 'deny'}`
  }
}
