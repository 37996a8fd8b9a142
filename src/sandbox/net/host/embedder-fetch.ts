import { describeType } from '../../../errors/known-names.ts'
import type { ExchangeAnswer, ExchangeFailure, ExchangeMessage } from '../../wire/http-exchange.ts'

/** Answers a rule's request in the place of the network. */
export type FetchPort = (request: Request) => Response | Promise<Response>

/** Thrown by a `FetchPort`, it reaches the rule as it is; any other error as a connection that failed. */
export class FetchFailure extends Error {
  readonly code: string | undefined

  constructor({ message, code }: ExchangeFailure) {
    super(message)
    this.code = code
  }
}

/** Returned by a `FetchPort`, its headers reach the rule as they are: in this order, and written like this. */
export class ExactResponse extends Response {
  readonly exactHeaders: readonly [string, string][]

  constructor(
    body: Uint8Array<ArrayBuffer> | null,
    init: ResponseInit & { readonly exactHeaders: readonly [string, string][] },
  ) {
    super(body, init)
    this.exactHeaders = init.exactHeaders
  }
}

/** What comes back: the answer, or why there is none, with the code that a failed connection would have. */
export type EmbedderAnswer = ExchangeAnswer | (ExchangeFailure & { readonly isVerbatim?: true })

/** Asks the embedder's function, which he knows as `option`: text in, text out, as it crosses the border. */
export async function answerRequest(fetch: FetchPort, text: string, optionName = 'network.fetch'): Promise<string> {
  const { url, method, headers, body } = JSON.parse(text) as ExchangeMessage
  try {
    const answer = await fetch(
      new Request(url, {
        method,
        headers: headers.map(([name, value]): [string, string] => [name, value]),
        redirect: 'manual',
        ...(body === undefined ? {} : { body: Buffer.from(body, 'base64') }),
      }),
    )
    assertResponse(answer, optionName)
    const { status, statusText } = answer
    const bytes = Buffer.from(await answer.arrayBuffer())
    const exactOrPlainHeaders = answer instanceof ExactResponse ? answer.exactHeaders : [...answer.headers]
    return toText({ status, statusText, headers: exactOrPlainHeaders, body: bytes.toString('base64') })
  } catch (error) {
    const { message = 'fetch failed', code } = error as { message?: string; code?: unknown }
    const isVerbatim = error instanceof FetchFailure ? ({ isVerbatim: true } as const) : {}
    return toText({ message, ...(typeof code === 'string' ? { code } : {}), ...isVerbatim })
  }
}

/** By its shape: packages that make requests bring a class of their own. */
function assertResponse(answer: unknown, optionName: string): void {
  const { status, headers, arrayBuffer } = Object(answer) as Partial<Response>
  if (typeof status === 'number' && headers !== undefined && typeof arrayBuffer === 'function') return
  const actual = typeof answer === 'object' && answer !== null ? 'an object that is none' : describeType(answer)
  throw new Error(`${optionName} must resolve to a Response; it resolved to ${actual}`)
}

function toText(answer: EmbedderAnswer): string {
  return JSON.stringify(answer)
}
