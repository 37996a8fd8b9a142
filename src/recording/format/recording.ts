import type { FromSchema } from 'json-schema-to-ts'
import type { Outcome } from '../../engine/outcome/outcome.ts'
import type { Marks } from '../../sandbox/wire/codec.ts'
import type { HostShapes } from '../../sandbox/wire/host-shape.ts'
import type { LoginClock } from '../../sandbox/wire/run-overrides.ts'
import type {
  bodySchema,
  callSchema,
  flowSchema,
  headersSchema,
  recordedRulesSchema,
  recordingSchema,
  requestSchema,
} from './schema.ts'

/** Lists of pairs, which the schema describes as lists of two items. */
interface Headers {
  deserialize: [{ pattern: typeof headersSchema; output: readonly [name: string, value: string][] }]
}

/** One login as a file holds it, without its secrets. */
export interface Recording extends Omit<
  FromSchema<typeof recordingSchema, Headers>,
  'clock' | 'marks' | 'modules' | 'outcome'
> {
  readonly clock: LoginClock
  /** Marks what JSON cannot express in `user` and `context`. */
  readonly marks?: Marks
  readonly modules: HostShapes
  readonly outcome: Outcome
}

export type RecordedRequest = FromSchema<typeof requestSchema, Headers>
export type RecordedBody = FromSchema<typeof bodySchema>
export type RecordedAnswer = FromSchema<typeof callSchema>
export type RecordedFlow = FromSchema<typeof flowSchema>
export type RecordedRules = FromSchema<typeof recordedRulesSchema>
