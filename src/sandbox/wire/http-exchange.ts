import { buildObjectSchema, readAs } from './schema-check.ts'

/** One HTTP message that rules sent, with its answer or failure. It has neither if the login ended before. */
export interface HttpExchange {
  readonly message: ExchangeMessage
  readonly answer?: ExchangeAnswer
  readonly failure?: ExchangeFailure
}

/** A request; the body is base64. */
export interface ExchangeMessage {
  readonly url: string
  readonly method: string
  readonly headers: readonly [string, string][]
  readonly body?: string
}

/** A response; the body is base64. */
export interface ExchangeAnswer {
  readonly status: number
  readonly statusText: string
  readonly headers: readonly [string, string][]
  readonly body: string
}

/** The error that the rule got instead of an answer. */
export interface ExchangeFailure {
  readonly message: string
  readonly code?: string
}

/** A worker's report of an exchange: at its beginning the message, at its end the answer or the failure. */
export interface ExchangeUpdate extends Partial<HttpExchange> {
  /** Exchanges of one login are numbered in the order in which they begin. */
  readonly number: number
}

const text = { type: 'string' }
const headers = { type: 'array', items: { type: 'array', items: text, minItems: 2, maxItems: 2 } }

const exchangeUpdateSchema = buildObjectSchema(['number'], {
  number: { type: 'integer', minimum: 0 },
  message: buildObjectSchema(['url', 'method', 'headers'], { url: text, method: text, headers, body: text }),
  answer: buildObjectSchema(['status', 'statusText', 'headers', 'body'], {
    status: { type: 'integer' },
    statusText: text,
    headers,
    body: text,
  }),
  failure: buildObjectSchema(['message'], { message: text, code: text }),
})

/** Parses a worker's report of an exchange; undefined if the JSON is anything else. */
export function parseExchangeUpdate(json: string): ExchangeUpdate | undefined {
  return readAs(exchangeUpdateSchema, json)
}
