import type { StubChannel } from '../../sandbox/wire/stub-port.ts'

/**
 * Whether the test can call functions of the rule:
 *
 * - `waiting`: no worker has begun the login yet.
 * - `open`: the worker of the login answers on this channel. If the worker is lost, the next one opens another channel.
 * - `ended`: the login is over; each call returns `undefined`.
 */
type RuleCallsState =
  | { readonly name: 'waiting' }
  | { readonly name: 'open'; readonly channel: StubChannel }
  | { readonly name: 'ended' }

/**
 * One call of a function of the rule:
 *
 * - `running`: the function has not returned.
 * - `returned`: it has, but what it set off still runs, such as the reactions of a promise.
 * - `settled`: it has returned, and the rule awaits something or has ended. A nested call is settled when it returns.
 */
interface RuleCall {
  /** The rule is blocked on an answer of the test, and performs the call before it gets the answer. */
  readonly isNested: boolean
  state: 'running' | 'returned' | 'settled'
  result?: CallResult
}

interface CallResult {
  readonly ok: boolean
  readonly value: unknown
}

/** The calls of one login from its test into its rule. A call blocks the test until the rule has performed it. */
export class RuleCalls {
  #state: RuleCallsState = { name: 'waiting' }
  /** Calls that have not returned; the last one returns first. */
  readonly #stack: RuleCall[] = []
  /** The call that is not nested. There is at most one: it blocks the test. */
  #outerCall: RuleCall | undefined
  /** Questions of the rule that the test is answering, each from within the one before. */
  #questionDepth = 0
  readonly #undelivered: string[] = []
  /** Resolves what the rule awaits, with a call. */
  #deliver: ((call: string) => void) | undefined

  open(channel: StubChannel): void {
    if (this.#state.name !== 'ended') this.#state = { name: 'open', channel }
  }

  end(): void {
    this.#state = { name: 'ended' }
  }

  /** Runs code of the test that answers a question of the rule. The rule is blocked meanwhile. */
  answerQuestion<Answer>(answer: () => Answer): Answer {
    this.#questionDepth++
    try {
      return answer()
    } finally {
      this.#questionDepth--
    }
  }

  /**
   * Calls a function of the rule; `body` is the call in JSON. An error of a nested call is thrown in the test. That of
   * another call is the rule's, which has failed with it: the call returns `undefined`.
   */
  call(body: string): unknown {
    if (this.#state.name !== 'open') return undefined
    const { channel } = this.#state
    const call: RuleCall = { isNested: this.#questionDepth > 0, state: 'running' }
    this.#stack.push(call)
    if (call.isNested) channel.reply(body)
    else {
      this.#outerCall = call
      this.#undelivered.push(body)
      this.#deliverNext()
    }
    channel.serveUntil(() => this.#state.name === 'ended' || call.state === 'settled')
    const { result } = call
    if (result === undefined) return undefined
    if (result.ok) return result.value
    if (call.isNested) throw result.value
    return undefined
  }

  /** Takes the result of the last call. Returns whether the call was nested: then the rule expects an answer to its question. */
  finishCall(result: CallResult): { readonly isNested: boolean } {
    const call = this.#stack.pop()
    if (call === undefined) return { isNested: false }
    call.result = result
    call.state = call.isNested ? 'settled' : 'returned'
    return call
  }

  /** The rule has nothing left to do at once. */
  noteIdle(): void {
    if (this.#outerCall?.state === 'returned') this.#outerCall.state = 'settled'
  }

  /**
   * What the rule awaits in order to be called. A thenable and not a promise: a promise would deliver in a later turn, and
   * the test may be blocked on the call.
   */
  createNextCall(): PromiseLike<string> {
    return {
      // oxlint-disable-next-line unicorn/no-thenable -- see above
      then: (resolve: (call: string) => void) => {
        this.#deliver = resolve
        this.#deliverNext()
      },
    } as PromiseLike<string>
  }

  #deliverNext(): void {
    const deliver = this.#deliver
    const next = deliver && this.#undelivered.shift()
    if (deliver === undefined || next === undefined) return
    this.#deliver = undefined
    deliver(next)
  }
}
