/** A request as the host takes it; the body is base64. */
export interface WireRequest {
  readonly url: string
  readonly method: string
  readonly headers: readonly [string, string][]
  readonly body?: string | undefined
  readonly redirect: 'follow' | 'error' | 'manual'
  /** For Node's `http`: follow no redirect, decode nothing, add no header. */
  readonly raw?: true
  /** Ends the request after this time, if that is sooner than the limit. */
  readonly timeoutMs?: number | undefined
}

/** A whole response of the host, decoded unless the request was raw; the body is base64. */
export interface WireResponse {
  readonly url: string
  readonly status: number
  readonly statusText: string
  readonly headers: readonly [string, string][]
  readonly redirected: boolean
  readonly body: string
}
