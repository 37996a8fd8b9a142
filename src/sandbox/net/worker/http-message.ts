export interface HttpRequest {
  readonly url: URL
  readonly method: string
  readonly headers: readonly [string, string][]
  readonly body: Buffer | undefined
  /** Nothing is decoded or added. */
  readonly raw: boolean
}

export interface HttpResponse {
  readonly status: number
  readonly statusText: string
  readonly headers: readonly [string, string][]
  readonly body: AsyncIterable<unknown> | Iterable<unknown>
  /** Discards a body that is not read. */
  cancel(): Promise<void>
}
