import { outcomeSchema } from '../../engine/outcome/outcome-schema.ts'

const text = { type: 'string' } as const
const anyObject = { type: 'object' } as const
const texts = { type: 'object', additionalProperties: text } as const
const buildObjectSchema = (required: readonly string[], properties: object) =>
  ({ type: 'object', required, properties, additionalProperties: false }) as const

const body = { anyOf: [text, buildObjectSchema(['base64'], { base64: text })] }
const headers = { type: 'array', items: { type: 'array', items: text, minItems: 2, maxItems: 2 } }
const failure = buildObjectSchema(['message'], { message: text, code: text })
const answer = buildObjectSchema(['status', 'statusText', 'headers', 'body'], {
  status: { type: 'integer' },
  statusText: text,
  headers,
  body,
})
const request = buildObjectSchema(['method', 'url', 'headers'], {
  method: text,
  url: text,
  headers,
  body,
  answer,
  failure,
})
const encodedValue = { type: 'array', minItems: 1, maxItems: 2 }
const error = buildObjectSchema(['name', 'message'], { name: text, message: text, code: text })
const call = buildObjectSchema(['name', 'input'], { name: text, input: {}, answer: {}, error })
const readings = {
  type: 'array',
  items: { type: 'array', items: { type: 'number' }, minItems: 2, maxItems: 2 },
}
const clock = buildObjectSchema(['startMs'], { startMs: { type: 'number' }, moves: { type: 'boolean' }, readings })
const flow = buildObjectSchema(['first'], {
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
      recording: { enum: [1] },
      at: text,
      trigger: { enum: ['post-login', 'credentials-exchange'] },
      rules: buildObjectSchema(['hash', 'names'], { hash: text, names: { type: 'array', items: text } }),
      realm: { enum: ['hardened', 'fresh'] },
      user: anyObject,
      context: anyObject,
      marks: anyObject,
      flow,
      configuration: texts,
      secrets: { type: 'object', additionalProperties: texts },
      auth0: anyObject,
      clock,
      seed: text,
      global: { type: 'object', additionalProperties: encodedValue },
      modules: { type: 'object', additionalProperties: anyObject },
      requests: { type: 'array', items: request },
      calls: { type: 'array', items: call },
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

/** The rules of recordings, as they stand beside them. */
export const recordedRulesSchema: object = buildObjectSchema(['rules'], {
  rules: { type: 'array', items: rule },
  folder: text,
})
