/** Why the guard, or the embedder, gave a request up, as the rule may know it; any other error is the network's own. */
export class HostCallError extends Error {
  readonly code: string | undefined

  constructor(code: HostCallError['code'], message: string) {
    super(message)
    this.code = code
  }
}
