/** A refusal by a policy, a limit or the embedder, as the rule sees it. Other errors come from the network. */
export class HostCallError extends Error {
  readonly code: string | undefined

  constructor(code: HostCallError['code'], message: string) {
    super(message)
    this.code = code
  }
}
