import { readAs } from './schema-check.ts'

/** One message that rules sent, and what came of it; neither answer nor failure where the login did not live to see it. */
export interface Exchange {
  readonly message: ExchangeMessage
  readonly answer?: ExchangeAnswer
  readonly failure?: ExchangeFailure
}

/** One message as it crosses to the embedder's process: the body is base64. */
export interface ExchangeMessage {
  readonly url: string
  readonly method: string
  readonly headers: readonly [string, string][]
  readonly body?: string
}

/** The body is base64. */
export interface ExchangeAnswer {
  readonly status: number
  readonly statusText: string
  readonly headers: readonly [string, string][]
  readonly body: string
}

/** Why there is no answer, as the rule was told. */
export interface ExchangeFailure {
  readonly message: string
  readonly code?: string
}

/** What a worker tells of an exchange: at its beginning the message, at its end the rest. */
export interface ToldExchange extends Partial<Exchange> {
  /** Exchanges of one login are numbered as they begin. */
  readonly number: number
}

const text = { type: 'string' }
const headers = { type: 'array', items: { type: 'array', items: text, minItems: 2, maxItems: 2 } }
const object = (required: readonly string[], properties: object) => ({
  type: 'object',
  required,
  properties,
  additionalProperties: false,
})

const toldSchema = object(['number'], {
  number: { type: 'integer', minimum: 0 },
  message: object(['url', 'method', 'headers'], { url: text, method: text, headers, body: text }),
  answer: object(['status', 'statusText', 'headers', 'body'], {
    status: { type: 'integer' },
    statusText: text,
    headers,
    body: text,
  }),
  failure: object(['message'], { message: text, code: text }),
})

/** Reads what a worker tells of an exchange; undefined where it is something else. */
export function readTold(written: string): ToldExchange | undefined {
  return readAs(toldSchema, written)
}
