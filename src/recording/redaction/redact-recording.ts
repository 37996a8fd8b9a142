import type { RecordedRules, Recording } from '../format/recording.ts'
import { formatSecretLabel, isTrivial } from './known-secrets.ts'
import { type Redactor, createRedactor } from './redactor.ts'
import { type Secret, formatPlaceholder } from './secret-labels.ts'

/** Names and values of the format itself, which are never hidden, whatever is configured. */
export const formatWords: ReadonlySet<string> = new Set(
  (
    'recording trigger realm configuration clock startMs moves readings modules members rules names user context marks dates ' +
    'undefineds shared flow first continues protocol asked query body secrets auth0 domain baseUrl accessToken global requests method headers ' +
    'answer failure status statusText base64 message calls input error outcome reason reasonCode redirect multifactor claims ' +
    'idToken durationMs changes post-login credentials-exchange hardened challenge skipped replace remove script filename ' +
    'onError folder action user_metadata app_metadata user_id identities updateUserMetadata updateAppMetadata'
  ).split(' '),
)

/** Replaces the secrets of a recording by placeholders: those that are known, and those that names and texts reveal. */
export function redactRecording(source: Recording, knownSecrets: readonly Secret[]): Recording {
  const redactor = createRedactor(knownSecrets, formatWords)
  const { recording, trigger, realm, clock, seed, at, ...content } = source
  redactor.learn(content)
  const { flow, outcome, configuration, secrets, ...rest } = content
  const redacted = redactor.redact({
    ...rest,
    ...(flow === undefined ? {} : { flow: redactState(flow) }),
    outcome: redactState(outcome),
    configuration: redactValues(configuration, 'configuration', redactor),
    secrets: Object.fromEntries(
      Object.entries(secrets).map(([rule, values]) => [rule, redactValues(values, 'secrets', redactor)]),
    ),
  })
  return { recording, at, trigger, realm, clock, seed, ...redacted }
}

/** Replaces known secrets only. Scripts are code: what looks like a secret's name in them is not one. */
export function redactRules({ rules, ...rest }: RecordedRules, knownSecrets: readonly Secret[]): RecordedRules {
  const redactor = createRedactor(knownSecrets)
  return {
    rules: rules.map((rule) => ({
      ...rule,
      script: redactor.redactKnown(rule.script),
      secrets: redactValues(rule.secrets, 'secrets', redactor),
    })),
    ...rest,
  }
}

/** A state resumes somebody's login, so it is always hidden. */
function redactState<Value extends { readonly state?: string }>(value: Value): Value {
  return value.state === undefined ? value : { ...value, state: formatPlaceholder('state') }
}

/** Also hides values that are too short to be searched for elsewhere. */
function redactValues(
  values: Readonly<Record<string, string>>,
  kind: string,
  redactor: Redactor,
): Record<string, string> {
  const redactValue = (name: string, value: string): string => {
    const redactedValue = redactor.redactKnown(value)
    const isRedacted = redactedValue !== value || isTrivial(value)
    return isRedacted ? redactedValue : formatPlaceholder(formatSecretLabel(kind, name))
  }
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, redactValue(name, value)]))
}
