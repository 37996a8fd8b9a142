import { readValue } from '../format/encoded-values.ts'
import { decodeRecordedLogin } from '../format/read-recording.ts'
import { toResumePoint } from '../format/recorded-flow.ts'
import type { Recording } from '../format/recording.ts'
import { listSecrets } from '../redaction/known-secrets.ts'
import { createPlaceholderValues } from '../redaction/placeholder-values.ts'
import { formatWords } from '../redaction/redact-recording.ts'
import { type Redactor, createRedactor } from '../redaction/redactor.ts'
import type { LoadedRecording, RecordingSecrets } from './loaded-recording.ts'
import { type RecordedAnswers, createRecordedAnswers } from './recorded-answers.ts'

/** A recording with values in the place of its placeholders. */
export interface RevivedRecording {
  readonly input: Omit<LoadedRecording, 'fetch' | 'users' | 'modules'>
  readonly answers: RecordedAnswers
  /** Replaces the values by placeholders again. */
  readonly redactor: Redactor
  /** Returns the same value with values in the place of placeholders. */
  fill<Value>(value: Value): Value
}

export function reviveRecording(
  recording: Recording,
  { configuration = {}, secrets = {} }: RecordingSecrets,
): RevivedRecording {
  const knownSecrets = [...listSecrets(configuration, 'configuration'), ...listSecrets(secrets, 'secrets')]
  const placeholderValues = createPlaceholderValues(recording, new Map(knownSecrets))
  const redactor = createRedactor(placeholderValues.secrets, formatWords)
  const filledRecording = placeholderValues.fill(recording)
  const { clock, seed, flow } = filledRecording
  const input = {
    ...decodeRecordedLogin(filledRecording),
    configuration: { ...filledRecording.configuration, ...configuration },
    clock,
    seed,
    global: Object.fromEntries(Object.entries(filledRecording.global).map(([name, value]) => [name, readValue(value)])),
    ...(flow === undefined ? {} : { resumePoint: toResumePoint(flow) }),
    outcome: recording.outcome,
  }
  return {
    input,
    answers: createRecordedAnswers(filledRecording, recording, redactor),
    redactor,
    fill: placeholderValues.fill,
  }
}
