import { types } from 'node:util'
import { type Side, type Tagged, type Told, type ToldError, hear, tell } from '../../sandbox/wire/told.ts'
import type { StubLine, StubPort } from '../../sandbox/wire/stub-port.ts'
import { type Question, asksPrototype, perform } from './perform.ts'
import { isHandle, kindOfConstructor, kindOfPrototype, makesCode } from './value-kinds.ts'

/** The values of a test that a rule uses, for one login, and the values of the rule's that the test got hold of. */
export interface TestValues {
  readonly stubs: StubPort
  tell(value: unknown): Told
  /** Gives a value the name that messages call it by. */
  name(value: unknown, name: string): void
  /** Answers what a rule waits for: a promise of the test's, or calls of its own functions. */
  answer(name: string, body: string): PromiseLike<string>
  /** What a rule refused the login with, or threw; undefined where there is none. */
  failure(): { readonly value: unknown } | undefined
  /** The name of the stub that threw this, or rejected with it. */
  thrower(error: unknown): string | undefined
  /** The login is over: nothing of the rule's can be called any more. */
  end(): void
}

interface Returned {
  readonly ok: boolean
  readonly value: unknown
}
type Settle = { readonly resolve: (value: unknown) => void; readonly reject: (error: unknown) => void }

/** `RealmError` is the `Error` of the test: test runners have one of their own. */
export function createTestValues(RealmError: ErrorConstructor): TestValues {
  let line: StubLine | undefined
  let lastId = 0
  let over = false
  /** How many questions of the rule's wait for an answer. */
  let asked = 0
  let failure: { readonly value: unknown } | undefined
  const kept = new Map<number, object>()
  const keptIds = new Map<object, number>()
  const names = new Map<object, string>()
  const throwers = new Map<unknown, string>()
  const handles = new Map<number, object>()
  const homes = new Map<object, number>()
  const promises = new Map<number, Settle>()
  /** The calls into the rule under way: whether the rule waits for another answer of ours when it has returned. */
  const calls: { readonly nested: boolean; returned?: Returned }[] = []
  /** Whether the rule has done all that came of the last call into it. */
  let waits = false
  const undelivered: string[] = []
  let deliver: ((call: string) => void) | undefined

  const side: Side = {
    homeOf: (value) => homes.get(value),
    keep(value) {
      const known = keptIds.get(value)
      if (known !== undefined) return known
      if (makesCode(value)) throw new RealmError('a function that makes code cannot be handed over to a rule')
      const id = ++lastId
      kept.set(id, value)
      keptIds.set(value, id)
      // A rule may not care how it is settled.
      if (types.isPromise(value)) value.then(undefined, () => undefined)
      return id
    },
    stays: isHandle,
    home: (id) => kept.get(id),
    handle({ is, id = 0 }: Tagged) {
      return handles.get(id) ?? remember(id, is === 'promise' ? promised(id) : ruleFunction(id))
    },
    error({ id = 0, name, message, stack }: ToldError) {
      const known = handles.get(id)
      if (known !== undefined) return known as Error
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
    homes.set(value, id)
    return value
  }

  function promised(id: number): Promise<unknown> {
    const promise = new Promise((resolve, reject) => promises.set(id, { resolve, reject }))
    promise.catch(() => undefined)
    return promise
  }

  function ruleFunction(id: number): (...args: unknown[]) => unknown {
    return function calledByTest(this: unknown, ...args: unknown[]) {
      const self = typeof this === 'object' && this !== null && keptIds.has(this) ? side.keep(this) : undefined
      const call = {
        call: id,
        self: self === undefined ? { is: 'undefined' } : { is: 'object', id: self },
        args: args.map((one) => tell(one, side)),
      }
      return callRule(JSON.stringify(call))
    }
  }

  /** A rule that waits for us does it before it goes on; otherwise it is called in. */
  function callRule(call: string): unknown {
    if (over || line === undefined) return undefined
    const mine: (typeof calls)[number] = { nested: asked > 0 }
    calls.push(mine)
    if (mine.nested) line.reply(call)
    else {
      undelivered.push(call)
      deliverNext()
    }
    line.serveUntil(() => over || (mine.returned !== undefined && (mine.nested || waits)))
    const { returned } = mine
    if (returned === undefined) return undefined
    // An error of code that was called in belongs to the rule, which has failed with it.
    if (returned.ok || !mine.nested) return returned.ok ? returned.value : undefined
    throw returned.value
  }

  function deliverNext(): void {
    const send = deliver
    const next = send && undelivered.shift()
    if (send === undefined || next === undefined) return
    deliver = undefined
    send(next)
  }

  function answer(body: string): string | undefined {
    const question = JSON.parse(body) as Question
    switch (question.do) {
      case 'returned': {
        const call = calls.pop()
        if (call?.nested === false) waits = false
        if (call !== undefined) call.returned = { ok: question.ok, value: hear(question.value, side) }
        return call?.nested === true ? undefined : told({ is: 'undefined' })
      }
      case 'failed':
        failure = { value: hear(question.value, side) }
        return told({ is: 'undefined' })
      case 'settled':
        promises.get(question.id)?.[question.ok ? 'resolve' : 'reject'](hear(question.value, side))
        return told({ is: 'undefined' })
      default:
        return answerUse(question)
    }
  }

  function answerUse(question: Exclude<Question, { do: 'returned' | 'failed' | 'settled' }>): string {
    const target = kept.get(question.id)!
    const name = names.get(target) ?? 'a value of the test'
    asked++
    try {
      if (asksPrototype(question)) return told(prototypeOf(target))
      const result = perform(target, question, (one) => hear(one, side))
      const kind = question.do === 'get' && question.key === 'constructor' ? kindOfConstructor(result) : undefined
      if (kind !== undefined) return told({ is: 'constructor', v: kind })
      nameAfter(result, name, question)
      return told(tell(result, side))
    } catch (error) {
      throwers.set(error, name)
      return told(tell(error, side), false)
    } finally {
      asked--
    }
  }

  function prototypeOf(target: object): Told {
    const prototype: unknown = Object.getPrototypeOf(target)
    if (typeof prototype !== 'object' && typeof prototype !== 'function') return null
    if (prototype === null) return null
    const kind = kindOfPrototype(prototype)
    if (kind !== undefined) return { is: 'builtin', v: kind }
    return { is: typeof prototype === 'function' ? 'function' : 'object', id: side.keep(prototype) }
  }

  function nameAfter(result: unknown, name: string, question: Question): void {
    if ((typeof result !== 'object' && typeof result !== 'function') || result === null || names.has(result)) return
    if (question.do === 'get') names.set(result, `${name}.${question.key}`)
    else if (types.isPromise(result)) names.set(result, name)
    else if (question.do === 'call' || question.do === 'new') names.set(result, `${name}()`)
  }

  async function settlement(id: number): Promise<string> {
    const promise = kept.get(id) as Promise<unknown>
    try {
      return told(tell(await promise, side))
    } catch (error) {
      throwers.set(error, names.get(promise) ?? 'a promise of the test')
      return told(tell(error, side), false)
    }
  }

  return {
    stubs: {
      open(way) {
        line = way
      },
      waits() {
        waits = true
      },
      answer,
    },
    tell: (value) => tell(value, side),
    name(value, name) {
      if ((typeof value === 'object' && value !== null) || typeof value === 'function') names.set(value, name)
    },
    answer(name, body) {
      if (name === 'stub.settled') return settlement(Number(body))
      // Whoever waits here is told at once: the test may be waiting for the rule to go on.
      return {
        // oxlint-disable-next-line unicorn/no-thenable -- a promise would be told later
        then(take: (call: string) => void) {
          deliver = take
          deliverNext()
        },
      } as PromiseLike<string>
    },
    failure: () => failure,
    thrower: (error) => throwers.get(error),
    end() {
      over = true
    },
  }
}

function told(value: Told, ok = true): string {
  return JSON.stringify({ ok, value })
}
