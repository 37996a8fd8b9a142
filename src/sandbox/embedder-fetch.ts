/** Answers a rule's request in the place of the network. */
export type FetchPort = (request: Request) => Response | Promise<Response>

/** A request as it crosses to the embedder's process: the body is base64. */
export interface EmbedderRequest {
  readonly url: string
  readonly method: string
  readonly headers: readonly [string, string][]
  readonly body?: string
}

/** What comes back: the answer, or why there is none, with the code that a failed connection would have. */
export type EmbedderAnswer =
  | {
      readonly status: number
      readonly statusText: string
      readonly headers: readonly [string, string][]
      readonly body: string
    }
  | { readonly message: string; readonly code?: string }

/** Asks the embedder's function: text in, text out, as it crosses the border. */
export async function answerRequest(fetch: FetchPort, text: string): Promise<string> {
  const { url, method, headers, body } = JSON.parse(text) as EmbedderRequest
  try {
    const answer = await fetch(
      new Request(url, {
        method,
        headers: headers.map(([name, value]): [string, string] => [name, value]),
        redirect: 'manual',
        ...(body === undefined ? {} : { body: Buffer.from(body, 'base64') }),
      }),
    )
    const { status, statusText } = answer
    const bytes = Buffer.from(await answer.arrayBuffer())
    return toText({ status, statusText, headers: [...answer.headers], body: bytes.toString('base64') })
  } catch (error) {
    const { message = 'fetch failed', code } = error as { message?: string; code?: unknown }
    return toText({ message, ...(typeof code === 'string' ? { code } : {}) })
  }
}

function toText(answer: EmbedderAnswer): string {
  return JSON.stringify(answer)
}
