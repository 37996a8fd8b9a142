import { createHash } from 'node:crypto'
import type { Outcome } from '../../engine/outcome/outcome.ts'
import type { RecordedRun } from '../../engine/ports/record-port.ts'
import type { Marks } from '../../sandbox/wire/codec.ts'
import type { HttpExchange } from '../../sandbox/wire/http-exchange.ts'
import { toRecordedBody } from './encoded-values.ts'
import { toRecordedFlow } from './recorded-flow.ts'
import type { RecordedRequest, RecordedRules, Recording } from './recording.ts'

/** Builds the recording of a login. It still holds the secrets. */
export function buildRecording(run: RecordedRun): Recording {
  const [{ user, context }, marks] = JSON.parse(run.login) as [Pick<Recording, 'user' | 'context'>, Marks?]
  const rulesWithSecrets = run.rules.filter((rule) => Object.keys(rule.secrets).length > 0)
  return {
    recording: 1,
    at: new Date(run.atMs).toISOString(),
    trigger: run.trigger,
    rules: { hash: hashRules(run), names: run.rules.map(({ name }) => name) },
    realm: run.realm,
    user,
    context,
    ...(marks === undefined ? {} : { marks }),
    ...(run.resumePoint === undefined ? {} : { flow: toRecordedFlow(run.resumePoint) }),
    configuration: run.configuration,
    secrets: Object.fromEntries(rulesWithSecrets.map((rule) => [rule.name, rule.secrets])),
    auth0: run.tenant,
    clock: run.clock,
    seed: run.seed,
    global: Object.fromEntries(Object.entries(run.global).map(([name, text]) => [name, JSON.parse(text) as unknown[]])),
    modules: run.modules,
    requests: run.exchanges.map(toRecordedRequest),
    calls: run.calls.map(({ input, answer, ...call }) => ({
      ...call,
      input: JSON.parse(input) as unknown,
      ...(answer === undefined ? {} : { answer: JSON.parse(answer) as unknown }),
    })),
    outcome: JSON.parse(JSON.stringify(run.outcome)) as Outcome,
  }
}

/** Builds the file of rules that stands beside a recording. It still holds the secrets. */
export function buildRecordedRules({ rules, folder }: RecordedRun): RecordedRules {
  return { rules: [...rules], ...(folder === undefined ? {} : { folder }) }
}

/** The configuration is not part of the hash: its values could be guessed from it. */
function hashRules({ rules }: RecordedRun): string {
  const content = rules.map(({ name, kind, script, filename, onError }) => [name, kind, script, filename, onError])
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 32)
}

function toRecordedRequest({ message, answer, failure }: HttpExchange): RecordedRequest {
  const { body, ...head } = message
  return {
    ...head,
    ...(body === undefined ? {} : { body: toRecordedBody(body) }),
    ...(answer === undefined ? {} : { answer: { ...answer, body: toRecordedBody(answer.body) } }),
    ...(failure === undefined ? {} : { failure }),
  }
}
