import type { HostModules } from '../../engine/ports/host-modules.ts'
import type { Outcome } from '../../engine/outcome/outcome.ts'
import type { RunOptions } from '../../engine/options/run-options.ts'
import type { UsersPort } from '../../engine/ports/users-port.ts'
import type { LoginContext } from '../../profile/context/context.ts'
import type { User } from '../../profile/user/user.ts'
import type { FetchPort } from '../../sandbox/net/host/embedder-fetch.ts'
import { readRecording, decodeRecordedLogin } from '../format/read-recording.ts'
import { type RecordedAnswers, createRecordedAnswers } from './recorded-answers.ts'
import { toResumePoint } from '../format/recorded-flow.ts'
import { type Recording, toSecrets, formatWords } from '../format/recording.ts'
import { type Redactor, createRedactor } from '../redaction/redactor.ts'
import { createPlaceholderValues } from '../redaction/placeholder-values.ts'
import { readValue } from '../format/encoded-values.ts'

/** A recorded login, ready to be run again. */
export interface LoadedRecording {
  readonly user: User
  readonly context: LoginContext
  /** What rules found in `configuration`: the values that were given, and words in the place of the others. */
  readonly configuration: Readonly<Record<string, string>>
  /** Answers each recorded request once, by method, address and body; what is not recorded fails with `NOT_RECORDED`. */
  readonly fetch: FetchPort
  /** `auth0.users.*` and the host modules, as they answered. */
  readonly users: UsersPort
  readonly modules: HostModules
  readonly clock: NonNullable<RunOptions['time']>
  readonly seed: string
  readonly global: Readonly<Record<string, unknown>>
  /** Where the login went on, if it was suspended before. */
  readonly resumePoint?: NonNullable<RunOptions['resumePoint']>
  /** As it stands in the file: secrets are placeholders. */
  readonly outcome: Outcome
}

/** Values of secrets that a recording does not hold. */
export interface RecordingSecrets {
  readonly configuration?: Readonly<Record<string, string>>
  /** Those of actions, by their names. */
  readonly secrets?: Readonly<Record<string, string>>
}

/**
 * Reads a recorded login for a test or another run: `engine.run({ user, context }, { time: clock, seed, global, resumePoint })` on an
 * engine with its `configuration`, `users`, `modules` and `network: { fetch }` comes to the same outcome.
 *
 * @throws {ClaimsmithError} INVALID_RECORDING with the file and the field that is wrong
 */
export function loadRecording(file: string, recordingSecrets: RecordingSecrets = {}): LoadedRecording {
  const { input, answers } = revive(readRecording(file), recordingSecrets)
  const { fetch, users, modules } = answers
  return { ...input, fetch, users, modules }
}

/** A recording made live: what rules are to see, and who hides it again. */
export interface RevivedRecording {
  readonly input: Omit<LoadedRecording, 'fetch' | 'users' | 'modules'>
  readonly answers: RecordedAnswers
  readonly redactor: Redactor
  /** The same value with what rules are to see in the place of placeholders. */
  fill<Value>(value: Value): Value
}

export function revive(recording: Recording, { configuration = {}, secrets = {} }: RecordingSecrets): RevivedRecording {
  const knownSecrets = [...toSecrets(configuration, 'configuration'), ...toSecrets(secrets, 'secrets')]
  const placeholderValues = createPlaceholderValues(recording, new Map(knownSecrets))
  const redactor = createRedactor(placeholderValues.secrets, formatWords)
  const filledRecording = placeholderValues.fill(recording)
  const { clock, seed, flow } = filledRecording
  const login = decodeRecordedLogin(filledRecording)
  const input = {
    ...login,
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
