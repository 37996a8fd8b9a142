import type { ExchangeAnswer, ExchangeFailure, ExchangeMessage, ExchangeUpdate } from '../../wire/http-exchange.ts'

/** Reports the messages of one request of a rule to the parent. A redirect makes a second exchange. */
export interface HttpRecorder {
  recordRequest(message: OutgoingMessage): void
  /** `body` is base64; empty if it is not read. */
  recordResponse(answer: Omit<ExchangeAnswer, 'body'>, body: string): void
  /** The last message has no answer. Does nothing if none was sent, or all are answered. */
  recordFailure(failure: ExchangeFailure): void
}

interface OutgoingMessage extends Omit<ExchangeMessage, 'url' | 'body'> {
  readonly url: URL
  readonly body: Buffer | undefined
}

/** For runs that are not recorded. */
export const noopHttpRecorder: HttpRecorder = {
  recordRequest: () => undefined,
  recordResponse: () => undefined,
  recordFailure: () => undefined,
}

export function createHttpRecorder(allocateNumber: () => number, post: (text: string) => void): HttpRecorder {
  let openNumber: number | undefined

  function closeExchange(end: Omit<ExchangeUpdate, 'number'>): void {
    if (openNumber !== undefined) post(JSON.stringify({ number: openNumber, ...end } satisfies ExchangeUpdate))
    openNumber = undefined
  }

  return {
    recordRequest({ url, method, headers, body }) {
      openNumber = allocateNumber()
      const wireMessage = {
        url: url.href,
        method,
        headers,
        ...(body === undefined ? {} : { body: body.toString('base64') }),
      }
      post(JSON.stringify({ number: openNumber, message: wireMessage } satisfies ExchangeUpdate))
    },
    recordResponse: ({ status, statusText, headers }, body) =>
      closeExchange({ answer: { status, statusText, headers, body } }),
    recordFailure: ({ message, code }) =>
      closeExchange({ failure: { message, ...(code === undefined ? {} : { code }) } }),
  }
}
