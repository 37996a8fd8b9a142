import type { JSONSchema } from 'json-schema-to-ts'
import { outcomeSchema } from '../../engine/outcome/outcome-schema.ts'

const text = { type: 'string' } as const
const anyObject = { type: 'object' } as const
const texts = { type: 'object', additionalProperties: text } as const
const buildObjectSchema = <
  const Required extends readonly string[],
  const Properties extends Readonly<Record<string, JSONSchema>>,
>(
  required: Required,
  properties: Properties,
) => ({ type: 'object', required, properties, additionalProperties: false }) as const

/** Text, or bytes that are not valid UTF-8. */
export const bodySchema = { anyOf: [text, buildObjectSchema(['base64'], { base64: text })] } as const

/** Names and values, in the order in which they were sent. */
export const headersSchema = {
  type: 'array',
  items: { type: 'array', items: text, minItems: 2, maxItems: 2 },
} as const

const failure = buildObjectSchema(['message'], { message: text, code: text })
const answer = buildObjectSchema(['status', 'statusText', 'headers', 'body'], {
  status: { type: 'integer' },
  statusText: text,
  headers: headersSchema,
  body: bodySchema,
})

/** A request of the rules. It has neither answer nor failure if the login ended before it was answered. */
export const requestSchema = buildObjectSchema(['method', 'url', 'headers'], {
  method: text,
  url: text,
  headers: headersSchema,
  body: bodySchema,
  answer,
  failure,
})

/** A value, and the marks of what JSON cannot express in it. */
const encodedValue = { type: 'array', minItems: 1, maxItems: 2 } as const
const error = buildObjectSchema(['name', 'message'], { name: text, message: text, code: text })

/** A call to `auth0.users` or to a host module. */
export const callSchema = buildObjectSchema(['name', 'input'], { name: text, input: {}, answer: {}, error })
const readings = {
  type: 'array',
  items: { type: 'array', items: { type: 'number' }, minItems: 2, maxItems: 2 },
} as const
const clock = buildObjectSchema(['startMs'], { startMs: { type: 'number' }, moves: { type: 'boolean' }, readings })

/** Where a suspended login resumed, with the names of format 1: see `toResumePoint`. */
export const flowSchema = buildObjectSchema(['first'], {
  first: { type: 'integer', minimum: 0 },
  continues: text,
  state: text,
  protocol: text,
  asked: buildObjectSchema([], { query: anyObject, body: anyObject }),
})
const { $schema: _, title: __, ...outcome } = outcomeSchema

/** A recording, which the package ships as `schemas/recording.json`. */
export const recordingSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'One login, recorded',
  ...buildObjectSchema(
    [
      'recording',
      'at',
      'trigger',
      'rules',
      'realm',
      'user',
      'context',
      'configuration',
      'secrets',
      'auth0',
      'clock',
      'seed',
      'global',
      'modules',
      'requests',
      'calls',
      'outcome',
    ],
    {
      // The version of the format.
      recording: { enum: [1] },
      // When the login began (ISO 8601).
      at: text,
      trigger: { enum: ['post-login', 'credentials-exchange'] },
      // The scripts are in a file beside the recording, `rules-<hash>.json`.
      rules: buildObjectSchema(['hash', 'names'], { hash: text, names: { type: 'array', items: text } }),
      realm: { enum: ['hardened', 'fresh'] },
      user: anyObject,
      context: anyObject,
      marks: anyObject,
      flow: flowSchema,
      configuration: texts,
      // Names of the actions' secrets, by action.
      secrets: { type: 'object', additionalProperties: texts },
      auth0: anyObject,
      clock,
      seed: text,
      // The data on `global` when the login began.
      global: { type: 'object', additionalProperties: encodedValue },
      modules: { type: 'object', additionalProperties: anyObject },
      requests: { type: 'array', items: requestSchema },
      calls: { type: 'array', items: callSchema },
      outcome,
    },
  ),
} as const

const rule = buildObjectSchema(['name', 'kind', 'script', 'filename', 'onError', 'secrets'], {
  name: text,
  kind: { enum: ['rule', 'action'] },
  script: text,
  filename: text,
  onError: { enum: ['deny', 'skip'] },
  secrets: texts,
})

/** The rules of one or more recordings, as a file beside them holds them; `folder` had the rules' own modules. */
export const recordedRulesSchema = buildObjectSchema(['rules'], {
  rules: { type: 'array', items: rule },
  folder: text,
})
