import { buildObjectSchema, readAs } from './schema-check.ts'

/** One message that rules sent, and what came of it; neither answer nor failure where the login did not live to see it. */
export interface HttpExchange {
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
export interface ExchangeUpdate extends Partial<HttpExchange> {
  /** Exchanges of one login are numbered as they begin. */
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

/** Reads what a worker tells of an exchange; undefined where it is something else. */
export function parseExchangeUpdate(json: string): ExchangeUpdate | undefined {
  return readAs(exchangeUpdateSchema, json)
}
