/** A request as it crosses to the host: the body is base64. */
export interface WireRequest {
  readonly url: string
  readonly method: string
  readonly headers: readonly [string, string][]
  readonly body?: string
  readonly redirect: 'follow' | 'error' | 'manual'
  /** As Node's `http` sends it: nothing is followed, decoded or added. */
  readonly raw?: true
  /** A time limit, if it is shorter than the host's own. */
  readonly timeoutMs?: number
}

/** A complete response as it comes back. It is decoded unless the request was `raw`; the body is base64. */
export interface WireResponse {
  readonly url: string
  readonly status: number
  readonly statusText: string
  readonly headers: readonly [string, string][]
  readonly redirected: boolean
  readonly body: string
}
