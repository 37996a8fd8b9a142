import { createHash } from 'node:crypto'
import type { Outcome } from '../../engine/outcome/outcome.ts'
import type { RecordedRule, RecordedRun } from '../../engine/ports/record-port.ts'
import type { Marks } from '../../sandbox/wire/codec.ts'
import type { HttpExchange, ExchangeFailure } from '../../sandbox/wire/http-exchange.ts'
import { type RecordedFlow, toRecordedFlow } from './recorded-flow.ts'
import { type Redactor, type Secret, createRedactor, formatPlaceholder } from '../redaction/redactor.ts'

/** One login as a file holds it, without its secrets. */
export interface Recording extends Pick<
  RecordedRun,
  'trigger' | 'realm' | 'configuration' | 'clock' | 'seed' | 'modules'
> {
  /** The version of this format. */
  readonly recording: 1
  /** When the login began (ISO 8601). */
  readonly at: string
  /** The rules that ran; they stand in a file of their own, `rules-<hash>.json`, beside the recording. */
  readonly rules: { readonly hash: string; readonly names: readonly string[] }
  readonly user: Readonly<Record<string, unknown>>
  readonly context: Readonly<Record<string, unknown>>
  /** What of user and context JSON has no word for. */
  readonly marks?: Marks
  readonly flow?: RecordedFlow
  /** The names of the actions' secrets. */
  readonly secrets: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly auth0: RecordedRun['tenant']
  /** What stood on `global`; as calls, each value in a list, with the marks of what JSON has no word for after it. */
  readonly global: Readonly<Record<string, unknown>>
  readonly requests: readonly RecordedRequest[]
  readonly calls: readonly RecordedAnswer[]
  readonly outcome: Outcome
}

export interface RecordedRequest {
  readonly method: string
  readonly url: string
  readonly headers: readonly [string, string][]
  readonly body?: RecordedBody
  readonly answer?: {
    readonly status: number
    readonly statusText: string
    readonly headers: readonly [string, string][]
    readonly body: RecordedBody
  }
  readonly failure?: ExchangeFailure
}

/** Text, or bytes that are none. */
export type RecordedBody = string | { readonly base64: string }

export interface RecordedAnswer {
  readonly name: string
  readonly input: unknown
  readonly answer?: unknown
  readonly error?: { readonly name: string; readonly message: string; readonly code?: string }
}

/** The rules of one or more recordings, as a file beside them holds them. */
export interface RecordedRules {
  readonly rules: readonly RecordedRule[]
  /** Where the rules' own modules were. */
  readonly folder?: string
}

/** Names and values that the format itself needs, whatever is configured. */
export const formatWords: ReadonlySet<string> = new Set(
  (
    'recording trigger realm configuration clock startMs moves readings modules members rules names user context marks dates ' +
    'undefineds shared flow first continues protocol asked query body secrets auth0 domain baseUrl accessToken global requests method headers ' +
    'answer failure status statusText base64 message calls input error outcome reason reasonCode redirect multifactor claims ' +
    'idToken durationMs changes post-login credentials-exchange hardened challenge skipped replace remove script filename ' +
    'onError folder action user_metadata app_metadata user_id identities updateUserMetadata updateAppMetadata'
  ).split(' '),
)

/** What a recording and its rules are without their secrets. */
export function toRecording(run: RecordedRun): { readonly recording: Recording; readonly rules: RecordedRules } {
  const knownSecrets = listRunSecrets(run)
  const redactor = createRedactor(knownSecrets, formatWords)
  const { recording, trigger, realm, clock, seed, at, ...content } = buildRecording(run)
  redactor.learn(content)
  const { flow, outcome, configuration, secrets, ...rest } = content
  const redacted = redactor.redact({
    ...rest,
    ...(flow === undefined ? {} : { flow: { ...flow, ...redactState(flow) } }),
    outcome: { ...outcome, ...redactState(outcome) },
    configuration: redactValues(configuration, 'configuration', redactor),
    secrets: Object.fromEntries(
      Object.entries(secrets).map(([rule, values]) => [rule, redactValues(values, 'secrets', redactor)]),
    ),
  })
  const rules = redactRules(createRedactor(knownSecrets), run)
  return { recording: { recording, at, trigger, realm, clock, seed, ...redacted }, rules }
}

/** What a state resumes is nobody's business, whatever its field is called. */
function redactState({ state }: { readonly state?: string }): { readonly state?: string } {
  return state === undefined ? {} : { state: '[redacted:state]' }
}

/** Values that are no secret whoever configured them: hiding them would only stop rules from working. */
const isTrivial = (value: string): boolean => /^(?:true|false|.{0,3})$/s.test(value)

/**
 * Everything that is secret by its origin. Of an address, the scheme stays: an address it remains, and what follows is
 * hidden without the slashes at its end, which rules add and take away.
 */
function listRunSecrets(
  run: Pick<RecordedRun, 'configuration' | 'rules' | 'tenant' | 'resumePoint' | 'outcome'>,
): Secret[] {
  const { configuration, rules, tenant, resumePoint, outcome } = run
  const { accessToken } = tenant
  return [
    ...toSecrets(configuration, 'configuration'),
    ...rules.flatMap(({ secrets }) => toSecrets(secrets, 'secrets')),
    ...(typeof accessToken === 'string' ? [['auth0.accessToken', accessToken] as const] : []),
    ...[resumePoint?.state, outcome.state].flatMap((state) => (state === undefined ? [] : [['state', state] as const])),
  ]
}

/** Also values that are too short to be looked for elsewhere. */
function redactValues(
  values: Readonly<Record<string, string>>,
  kind: string,
  redactor: Redactor,
): Readonly<Record<string, string>> {
  const hide = (name: string, value: string): string => {
    const redactedValue = redactor.redactKnown(value)
    return redactedValue !== value || isTrivial(value)
      ? redactedValue
      : formatPlaceholder(formatSecretLabel(kind, name))
  }
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, hide(name, value)]))
}

const formatSecretLabel = (kind: string, name: string): string => `${kind}.${name.replaceAll(/[^\w.-]/g, '_')}`

export function toSecrets(values: Readonly<Record<string, string>>, kind: string): Secret[] {
  return Object.entries(values)
    .filter(([, value]) => !isTrivial(value))
    .map(([name, value]) => [formatSecretLabel(kind, name), stripUrlScheme(value)] as const)
}

function stripUrlScheme(value: string): string {
  return /^https?:\/\/(.+?)\/*$/i.exec(value)?.[1] ?? value
}

function buildRecording(run: RecordedRun): Recording {
  const [{ user, context }, marks] = JSON.parse(run.login) as [Pick<Recording, 'user' | 'context'>, Marks?]
  const secrets = run.rules.filter((rule) => Object.keys(rule.secrets).length > 0)
  return {
    recording: 1,
    at: new Date(run.atMs).toISOString(),
    trigger: run.trigger,
    rules: { hash: hashRecordedRules(run), names: run.rules.map(({ name }) => name) },
    realm: run.realm,
    user,
    context,
    ...(marks === undefined ? {} : { marks }),
    ...(run.resumePoint === undefined ? {} : { flow: toRecordedFlow(run.resumePoint) }),
    configuration: run.configuration,
    secrets: Object.fromEntries(secrets.map((rule) => [rule.name, rule.secrets])),
    auth0: run.tenant,
    clock: run.clock,
    seed: run.seed,
    global: Object.fromEntries(Object.entries(run.global).map(([name, text]) => [name, JSON.parse(text) as unknown])),
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

function toRecordedRequest({ message, answer, failure }: HttpExchange): RecordedRequest {
  const { body, ...head } = message
  return {
    ...head,
    ...(body === undefined ? {} : { body: toRecordedBody(body) }),
    ...(answer === undefined ? {} : { answer: { ...answer, body: toRecordedBody(answer.body) } }),
    ...(failure === undefined ? {} : { failure }),
  }
}

/** Text where it is text: bytes come back from it as they were. */
export function toRecordedBody(base64: string): RecordedBody {
  const bytes = Buffer.from(base64, 'base64')
  const text = bytes.toString()
  return Buffer.from(text).equals(bytes) ? text : { base64 }
}

/** Scripts are no data of the login: what looks like a secret's name in them is code. */
function redactRules(redactor: Redactor, { rules, folder }: RecordedRun): RecordedRules {
  return {
    rules: rules.map((rule) => ({
      ...rule,
      script: redactor.redactKnown(rule.script),
      secrets: redactValues(rule.secrets, 'secrets', redactor),
    })),
    ...(folder === undefined ? {} : { folder }),
  }
}

/** A name for the rules themselves; the configuration has no part in it, which could be guessed from it. */
function hashRecordedRules({ rules }: RecordedRun): string {
  const content = rules.map(({ name, kind, script, filename, onError }) => [name, kind, script, filename, onError])
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 32)
}
