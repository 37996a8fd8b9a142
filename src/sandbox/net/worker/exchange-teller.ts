import type { ExchangeAnswer, ExchangeFailure, ExchangeMessage, ToldExchange } from '../../wire/exchange.ts'

/** Tells the parent what one request of a rule sends and gets, message by message: a redirect makes two of it. */
export interface ExchangeTeller {
  sends(message: SentMessage): void
  /** `body` is base64; empty where nobody reads it. */
  gets(answer: Omit<ExchangeAnswer, 'body'>, body: string): void
  /** The message sent last has no answer; nothing where none was sent, or all are answered. */
  fails(failure: ExchangeFailure): void
}

interface SentMessage extends Omit<ExchangeMessage, 'url' | 'body'> {
  readonly url: URL
  readonly body: Buffer | undefined
}

/** Where nobody wants to know. */
export const tellsNobody: ExchangeTeller = {
  sends: () => undefined,
  gets: () => undefined,
  fails: () => undefined,
}

export function createExchangeTeller(nextNumber: () => number, tell: (text: string) => void): ExchangeTeller {
  let open: number | undefined

  function close(end: Omit<ToldExchange, 'number'>): void {
    if (open !== undefined) tell(JSON.stringify({ number: open, ...end } satisfies ToldExchange))
    open = undefined
  }

  return {
    sends({ url, method, headers, body }) {
      open = nextNumber()
      const sent = { url: url.href, method, headers, ...(body === undefined ? {} : { body: body.toString('base64') }) }
      tell(JSON.stringify({ number: open, message: sent } satisfies ToldExchange))
    },
    gets: ({ status, statusText, headers }, body) => close({ answer: { status, statusText, headers, body } }),
    fails: ({ message, code }) => close({ failure: { message, ...(code === undefined ? {} : { code }) } }),
  }
}
