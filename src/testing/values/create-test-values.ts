import { types } from 'node:util'
import {
  type Endpoint,
  type TaggedValue,
  type SerializedValue,
  type SerializedError,
  deserialize,
  serialize,
} from '../../sandbox/wire/serialize.ts'
import type { StubChannel, StubPort } from '../../sandbox/wire/stub-port.ts'
import { type StubMessage, isPrototypeQuery, perform } from './perform.ts'
import { isHandle, identifyConstructor, identifyPrototype, canCompileCode } from './value-kinds.ts'

/** The values of a test that a rule uses, for one login, and the values of the rule's that the test got hold of. */
export interface TestValues {
  readonly stubs: StubPort
  serialize(value: unknown): SerializedValue
  /** Gives a value the name that messages call it by. */
  setName(value: unknown, name: string): void
  /** Answers what a rule waits for: a promise of the test's, or calls of its own functions. */
  answer(name: string, body: string): PromiseLike<string>
  /** What a rule refused the login with, or threw; undefined where there is none. */
  getFailure(): { readonly value: unknown } | undefined
  /** The name of the stub that threw this, or rejected with it. */
  findThrower(error: unknown): string | undefined
  /** The login is over: nothing of the rule's can be called any more. */
  end(): void
}

interface CallResult {
  readonly ok: boolean
  readonly value: unknown
}
type Settle = { readonly resolve: (value: unknown) => void; readonly reject: (error: unknown) => void }

/** `RealmError` is the `Error` of the test: test runners have one of their own. */
export function createTestValues(RealmError: ErrorConstructor): TestValues {
  let channel: StubChannel | undefined
  let lastId = 0
  let isEnded = false
  /** How many questions of the rule's wait for an answer. */
  let pendingQuestions = 0
  let failure: { readonly value: unknown } | undefined
  const valuesById = new Map<number, object>()
  const idsByValue = new Map<object, number>()
  const names = new Map<object, string>()
  const throwers = new Map<unknown, string>()
  const handles = new Map<number, object>()
  const handleIds = new Map<object, number>()
  const promises = new Map<number, Settle>()
  /** The calls into the rule under way: whether the rule waits for another answer of ours when it has returned. */
  const calls: { readonly isNested: boolean; result?: CallResult }[] = []
  /** Whether the rule has done all that came of the last call into it. */
  let isRuleIdle = false
  const undelivered: string[] = []
  let deliver: ((call: string) => void) | undefined

  const endpoint: Endpoint = {
    findRemoteId: (value) => handleIds.get(value),
    addReference(value) {
      const cached = idsByValue.get(value)
      if (cached !== undefined) return cached
      if (canCompileCode(value)) throw new RealmError('a function that makes code cannot be handed over to a rule')
      const id = ++lastId
      valuesById.set(id, value)
      idsByValue.set(value, id)
      // A rule may not care how it is settled.
      if (types.isPromise(value)) value.then(undefined, () => undefined)
      return id
    },
    isReference: isHandle,
    getReferenced: (id) => valuesById.get(id),
    createProxy({ is, id = 0 }: TaggedValue) {
      return handles.get(id) ?? remember(id, is === 'promise' ? createPromise(id) : createRuleFunction(id))
    },
    createError({ id = 0, name, message, stack }: SerializedError) {
      const cached = handles.get(id)
      if (cached !== undefined) return cached as Error
      const error = new RealmError(message)
      if (error.name !== name) Object.defineProperty(error, 'name', { value: name, writable: true, configurable: true })
      if (stack !== undefined) error.stack = stack
      return remember(id, error) as Error
    },
    toBase64: (bytes) => Buffer.from(bytes).toString('base64'),
    toBytes: (text) => Buffer.from(text, 'base64'),
  }

  function remember(id: number, value: object): object {
    handles.set(id, value)
    handleIds.set(value, id)
    return value
  }

  function createPromise(id: number): Promise<unknown> {
    const promise = new Promise((resolve, reject) => promises.set(id, { resolve, reject }))
    promise.catch(() => undefined)
    return promise
  }

  function createRuleFunction(id: number): (...args: unknown[]) => unknown {
    return function callFromTest(this: unknown, ...args: unknown[]) {
      const self =
        typeof this === 'object' && this !== null && idsByValue.has(this) ? endpoint.addReference(this) : undefined
      const call = {
        call: id,
        self: self === undefined ? { is: 'undefined' } : { is: 'object', id: self },
        args: args.map((one) => serialize(one, endpoint)),
      }
      return callRule(JSON.stringify(call))
    }
  }

  /** A rule that waits for us does it before it goes on; otherwise it is called in. */
  function callRule(call: string): unknown {
    if (isEnded || channel === undefined) return undefined
    const pendingCall: (typeof calls)[number] = { isNested: pendingQuestions > 0 }
    calls.push(pendingCall)
    if (pendingCall.isNested) channel.reply(call)
    else {
      undelivered.push(call)
      deliverNext()
    }
    channel.serveUntil(() => isEnded || (pendingCall.result !== undefined && (pendingCall.isNested || isRuleIdle)))
    const { result } = pendingCall
    if (result === undefined) return undefined
    // An error of code that was called in belongs to the rule, which has failed with it.
    if (result.ok || !pendingCall.isNested) return result.ok ? result.value : undefined
    throw result.value
  }

  function deliverNext(): void {
    const send = deliver
    const next = send && undelivered.shift()
    if (send === undefined || next === undefined) return
    deliver = undefined
    send(next)
  }

  function answer(body: string): string | undefined {
    const message = JSON.parse(body) as StubMessage
    switch (message.do) {
      case 'returned': {
        const call = calls.pop()
        if (call?.isNested === false) isRuleIdle = false
        if (call !== undefined) call.result = { ok: message.ok, value: deserialize(message.value, endpoint) }
        return call?.isNested === true ? undefined : encodeAnswer({ is: 'undefined' })
      }
      case 'failed':
        failure = { value: deserialize(message.value, endpoint) }
        return encodeAnswer({ is: 'undefined' })
      case 'settled':
        promises.get(message.id)?.[message.ok ? 'resolve' : 'reject'](deserialize(message.value, endpoint))
        return encodeAnswer({ is: 'undefined' })
      default:
        return answerOperation(message)
    }
  }

  function answerOperation(message: Exclude<StubMessage, { do: 'returned' | 'failed' | 'settled' }>): string {
    const target = valuesById.get(message.id)!
    const name = names.get(target) ?? 'a value of the test'
    pendingQuestions++
    try {
      if (isPrototypeQuery(message)) return encodeAnswer(describePrototype(target))
      const result = perform(target, message, (one) => deserialize(one, endpoint))
      const kind = message.do === 'get' && message.key === 'constructor' ? identifyConstructor(result) : undefined
      if (kind !== undefined) return encodeAnswer({ is: 'constructor', v: kind })
      nameResult(result, name, message)
      return encodeAnswer(serialize(result, endpoint))
    } catch (error) {
      throwers.set(error, name)
      return encodeAnswer(serialize(error, endpoint), false)
    } finally {
      pendingQuestions--
    }
  }

  function describePrototype(target: object): SerializedValue {
    const prototype: unknown = Object.getPrototypeOf(target)
    if (typeof prototype !== 'object' && typeof prototype !== 'function') return null
    if (prototype === null) return null
    const kind = identifyPrototype(prototype)
    if (kind !== undefined) return { is: 'builtin', v: kind }
    return { is: typeof prototype === 'function' ? 'function' : 'object', id: endpoint.addReference(prototype) }
  }

  function nameResult(result: unknown, name: string, message: StubMessage): void {
    if ((typeof result !== 'object' && typeof result !== 'function') || result === null || names.has(result)) return
    if (message.do === 'get') names.set(result, `${name}.${message.key}`)
    else if (types.isPromise(result)) names.set(result, name)
    else if (message.do === 'call' || message.do === 'new') names.set(result, `${name}()`)
  }

  async function awaitPromise(id: number): Promise<string> {
    const promise = valuesById.get(id) as Promise<unknown>
    try {
      return encodeAnswer(serialize(await promise, endpoint))
    } catch (error) {
      throwers.set(error, names.get(promise) ?? 'a promise of the test')
      return encodeAnswer(serialize(error, endpoint), false)
    }
  }

  return {
    stubs: {
      open(stubChannel) {
        channel = stubChannel
      },
      notifyWaiting() {
        isRuleIdle = true
      },
      answer,
    },
    serialize: (value) => serialize(value, endpoint),
    setName(value, name) {
      if ((typeof value === 'object' && value !== null) || typeof value === 'function') names.set(value, name)
    },
    answer(name, body) {
      if (name === 'stub.settled') return awaitPromise(Number(body))
      // Whoever waits here is told at once: the test may be waiting for the rule to go on.
      return {
        // oxlint-disable-next-line unicorn/no-thenable -- a promise would be told later
        then(resolve: (call: string) => void) {
          deliver = resolve
          deliverNext()
        },
      } as PromiseLike<string>
    },
    getFailure: () => failure,
    findThrower: (error) => throwers.get(error),
    end() {
      isEnded = true
    },
  }
}

function encodeAnswer(value: SerializedValue, ok = true): string {
  return JSON.stringify({ ok, value })
}
