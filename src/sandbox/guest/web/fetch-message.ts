/** A request as it crosses to the host: the body is base64. */
export interface WireRequest {
  readonly url: string
  readonly method: string
  readonly headers: readonly [string, string][]
  readonly body?: string
  readonly redirect: 'follow' | 'error' | 'manual'
  /** As Node's `http` has it: nothing is followed, decoded or added. */
  readonly raw?: true
  /** Give up after this time, if that is sooner than the limit. */
  readonly timeoutMs?: number
}

/** An answer as it comes back: complete, decoded unless it was to be raw, the body base64. */
export interface WireResponse {
  readonly url: string
  readonly status: number
  readonly statusText: string
  readonly headers: readonly [string, string][]
  readonly redirected: boolean
  readonly body: string
}
