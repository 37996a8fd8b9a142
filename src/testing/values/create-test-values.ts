import { type SerializedValue, deserialize, serialize } from '../../sandbox/wire/serialize.ts'
import type { StubPort } from '../../sandbox/wire/stub-port.ts'
import { answerOperation, answerSettlement, encodeAnswer } from './answer-operation.ts'
import { createEndpoint } from './create-endpoint.ts'
import type { StubMessage } from './perform.ts'
import { createRemotePromises } from './remote-promises.ts'
import { RuleCalls } from './rule-calls.ts'
import { createStubNames } from './stub-names.ts'
import { createValueTable } from './value-table.ts'

/** The values that a test and its rule share during one login. */
export interface TestValues {
  readonly stubs: StubPort
  serialize(value: unknown): SerializedValue
  /** Sets the name of a value, for error messages. */
  setName(value: unknown, name: string): void
  /** Answers what a rule awaits: a promise of the test, or a call of its own functions. */
  answer(name: string, body: string): PromiseLike<string>
  /** What the rule threw or denied the login with; undefined if it did neither. */
  getFailure(): RuleFailure | undefined
  /** The login is over: functions of the rule that the test still has do nothing. */
  end(): void
}

export interface RuleFailure {
  readonly value: unknown
  /** The name of the stub that threw the value, or rejected with it. */
  readonly stub: string | undefined
}

/** @param RealmError - `Error` of the test: test runners have a realm for each test file. */
export function createTestValues(RealmError: ErrorConstructor): TestValues {
  const names = createStubNames()
  const promises = createRemotePromises()
  const calls = new RuleCalls()
  const endpoint = createEndpoint({
    table: createValueTable(),
    promises,
    callRule: (body) => calls.call(body),
    RealmError,
  })
  let failure: RuleFailure | undefined

  /** Answers a message of the rule. The result of a nested call has no answer: the rule still waits for the answer to its question. */
  function answerMessage(body: string): string | undefined {
    const message = JSON.parse(body) as StubMessage
    switch (message.do) {
      case 'returned': {
        const value = deserialize(message.value, endpoint)
        return calls.finishCall({ ok: message.ok, value }).isNested ? undefined : acknowledgement
      }
      case 'failed': {
        const value = deserialize(message.value, endpoint)
        failure = { value, stub: names.findThrower(value) }
        return acknowledgement
      }
      case 'settled':
        promises.settle(message.id, message.ok, deserialize(message.value, endpoint))
        return acknowledgement
      default:
        return calls.answerQuestion(() => answerOperation(message, endpoint, names))
    }
  }

  return {
    stubs: {
      open: (channel) => calls.open(channel),
      notifyWaiting: () => calls.noteIdle(),
      answer: answerMessage,
    },
    serialize: (value) => serialize(value, endpoint),
    setName: names.setName,
    answer: (name, body) =>
      name === 'stub.settled' ? answerSettlement(Number(body), endpoint, names) : calls.createNextCall(),
    getFailure: () => failure,
    end: () => calls.end(),
  }
}

const acknowledgement = encodeAnswer({ is: 'undefined' })
