/** Why the guard gave a request up; any other error is the network's own. */
export class FetchRefusal extends Error {
  readonly code: 'NETWORK_REFUSED' | 'LIMIT_EXCEEDED'

  constructor(code: FetchRefusal['code'], message: string) {
    super(message)
    this.code = code
  }
}
