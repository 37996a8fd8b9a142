import type { FetchPort } from '../../src/sandbox/net/host/embedder-fetch.ts'

/** What hosts answer: by `METHOD URL` without the query, a body or `[status, body]`. Others refuse the connection. */
export type Answers = Readonly<Record<string, unknown>>

interface SentRequest {
  /** `METHOD URL`. */
  readonly request: string
  /** Its headers, a line each, and its body. */
  readonly text: Promise<string>
}

/** The hosts that scripts of the corpus call, and what these have sent. */
export class StubHosts {
  answers: Answers = {}
  readonly requests: SentRequest[] = []

  readonly fetch: FetchPort = async (request) => {
    const { method, url, headers } = request
    const lines = [...headers].map(([name, value]) => `${name}: ${value}`)
    const sent = request.clone()
    this.requests.push({ request: `${method} ${url}`, text: sent.text().then((body) => [...lines, body].join('\n')) })
    const found = this.answers[`${method} ${url.replace(/\?.*$/, '')}`]
    if (found === undefined) throw Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })
    const [status, body] = Array.isArray(found) ? (found as [number, unknown]) : [200, found]
    if (status === 204) return new Response(null, { status })
    return typeof body === 'string' ? new Response(body, { status }) : Response.json(body, { status })
  }
}
