import { apply, parseJson, toJson } from '../../wire/primordials.ts'
import { type Endpoint, type SerializedValue, deserialize, serialize } from '../../wire/serialize.ts'
import type { Ops } from '../driver/ops.ts'

/** Messages between a rule and its test, in both directions. */
export interface TestLink {
  /** Asks the test, and makes the calls that it wants before it answers. Throws what the test throws. */
  ask(message: object): unknown
  /** Accepts calls of the rule's functions, which the test may make at any time. */
  listen(): void
  /** Forgets that it listens: the host has closed the op of the login before. */
  reset(): void
}

/** A function of the rule's that the test calls. */
interface StubCall {
  readonly call: number
  readonly self: SerializedValue
  readonly args: readonly SerializedValue[]
}

type StubAnswer = StubCall | { readonly ok: boolean; readonly value: SerializedValue }
type AnyFunction = (...args: unknown[]) => unknown

interface CallResult {
  readonly reply: object
  /** Present if the function threw. */
  readonly failure?: { readonly error: unknown }
}

export function createTestLink(ops: Ops, endpoint: Endpoint): TestLink {
  let isListening = false

  function ask(message: object): unknown {
    let text = ops.ask('stub', toJson(message))
    for (;;) {
      const answer = parseJson(text) as StubAnswer
      if (!('call' in answer)) {
        const value = deserialize(answer.value, endpoint)
        if (answer.ok) return value
        throw value
      }
      text = ops.ask('stub', toJson(callLocal(answer).reply))
    }
  }

  function callLocal({ call, self, args }: StubCall): CallResult {
    try {
      const callArguments = deserialize({ is: 'list', v: args }, endpoint) as unknown[]
      const local = endpoint.getReferenced(call) as AnyFunction
      const result = apply(local, deserialize(self, endpoint), callArguments)
      return { reply: { do: 'returned', ok: true, value: serialize(result, endpoint) } }
    } catch (error) {
      return { reply: { do: 'returned', ok: false, value: serialize(error, endpoint) }, failure: { error } }
    }
  }

  function listen(): void {
    if (isListening) return
    isListening = true
    ops.beginWith('stub.calls', '', (ok, body) => {
      isListening = false
      if (!ok) return
      listen()
      const { reply, failure } = callLocal(parseJson(body) as StubCall)
      ask(reply)
      // As in Node, nothing of the rule is on the stack to catch it.
      if (failure !== undefined) throw failure.error
    })
  }

  return {
    ask,
    listen,
    reset() {
      isListening = false
    },
  }
}
