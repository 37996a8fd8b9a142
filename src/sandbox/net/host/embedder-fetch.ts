import { describeType } from '../../../errors/known-names.ts'
import type { ExchangeAnswer, ExchangeFailure, ExchangeMessage } from '../../wire/http-exchange.ts'

/**
 * Answers a rule's request instead of the network.
 *
 * @example
 * createEngine({ rules, network: { fetch: async ({ url }) => Response.json({ url }) } })
 */
export type FetchPort = (request: Request) => Response | Promise<Response>

/** Error of a `FetchPort` that the rule gets unchanged. Any other error becomes a failed connection. */
export class FetchFailure extends Error {
  readonly code: string | undefined

  constructor({ message, code }: ExchangeFailure) {
    super(message)
    this.code = code
  }
}

const exactHeaders = new WeakMap<Response, readonly [string, string][]>()

/**
 * Makes these headers of a `FetchPort`'s response reach the rule unchanged, with their order and their case.
 *
 * There is no subclass of `Response` for this: declaring one would load Node's fetch, which takes a third of the start.
 */
export function setExactHeaders(response: Response, headers: readonly [string, string][]): Response {
  exactHeaders.set(response, headers)
  return response
}

/** The answer, or the failure with the `code` of a failed connection. */
export type EmbedderAnswer = ExchangeAnswer | (ExchangeFailure & { readonly isVerbatim?: true })

/** Calls the embedder's function. `text` is the JSON of an `ExchangeMessage`, the result that of an `EmbedderAnswer`. Errors name `optionName`. */
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
    const answerHeaders = exactHeaders.get(answer) ?? [...answer.headers]
    return toText({ status, statusText, headers: answerHeaders, body: bytes.toString('base64') })
  } catch (error) {
    const { message = 'fetch failed', code } = error as { message?: string; code?: unknown }
    const isVerbatim = error instanceof FetchFailure ? ({ isVerbatim: true } as const) : {}
    return toText({ message, ...(typeof code === 'string' ? { code } : {}), ...isVerbatim })
  }
}

/** Checks the shape, not the class: HTTP packages may have a `Response` class of their own. */
function assertResponse(answer: unknown, optionName: string): void {
  const { status, headers, arrayBuffer } = Object(answer) as Partial<Response>
  if (typeof status === 'number' && headers !== undefined && typeof arrayBuffer === 'function') return
  const actual = typeof answer === 'object' && answer !== null ? 'another kind of object' : describeType(answer)
  throw new Error(`${optionName} must resolve to a Response; it resolved to ${actual}`)
}

function toText(answer: EmbedderAnswer): string {
  return JSON.stringify(answer)
}
