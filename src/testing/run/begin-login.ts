import { types } from 'node:util'
import type { Outcome } from '../../engine/outcome/outcome.ts'
import type { TestProgram } from '../../engine/run/test-engine.ts'
import type { LoginContext } from '../../profile/context/context.ts'
import type { User } from '../../profile/user/user.ts'
import { recordUpdates, discardingUsers } from './auth0.ts'
import { resolveFetch } from './network.ts'
import { type RuleOptions, buildTestRunOptions } from './options.ts'
import { getTestEngine } from './get-test-engine.ts'
import { type TestValues, createTestValues } from '../values/create-test-values.ts'
import { findErrorClass, isReference } from '../values/value-kinds.ts'
import { writeBack } from '../values/write-back.ts'

/** The end of a login: its outcome, and the error for a callback. */
export interface TestResult {
  readonly outcome: Outcome
  /** An `Error`, or the text that a rule called back with. */
  readonly error: Error | string | null
}

export interface TestLogin {
  readonly testProgram: TestProgram
  readonly user: object
  readonly context: object
  readonly configuration: Readonly<Record<string, unknown>>
  readonly options: RuleOptions
  /** An object that the test created: errors are instances of its realm's `Error`. */
  readonly origin: object
}

/** Begins a login. When this returns, the rules have run until they await something. Their changes are written back. */
export function beginLogin(
  login: TestLogin,
  resolve: (result: TestResult) => void,
  reject: (error: unknown) => void,
): void {
  const { testProgram, user, context, configuration, options, origin } = login
  const RealmError = findErrorClass(origin)
  const values = createTestValues(RealmError)
  const { auth0, updates } = recordUpdates(options.auth0)
  const { globals = {}, modules = {} } = options
  const names = { configuration, ...(auth0 === undefined ? {} : { auth0 }), ...globals }
  for (const group of [names, modules]) for (const [name, value] of Object.entries(group)) values.setName(value, name)
  getTestEngine().begin(
    testProgram,
    {
      user: user as User,
      context: context as LoginContext,
      options: buildTestRunOptions(options),
      users: discardingUsers,
      fetch: resolveFetch(options.fetch),
      values: { is: 'data', v: { names: serializeGroup(names, values), modules: serializeGroup(modules, values) } },
      stubs: values.stubs,
      answer: values.answer,
    },
    (runOutcome) => {
      values.end()
      const outcome = updates.length === 0 ? runOutcome : { ...runOutcome, updates }
      writeBack(user, outcome.user)
      writeBack(context, outcome.context)
      resolve({
        outcome: { ...addStubName(outcome, values), user: user as User, context: context as LoginContext },
        error: toCallbackError(outcome, values, RealmError),
      })
    },
    reject,
  )
}

/** Serialises each value by itself: a group that has functions would become one proxy. */
function serializeGroup(
  group: Readonly<Record<string, unknown>>,
  values: TestValues,
): ReturnType<TestValues['serialize']> {
  return {
    is: 'data',
    v: Object.fromEntries(Object.entries(group).map(([name, value]) => [name, values.serialize(value)])),
  }
}

/** Names the stub in the message of an error that it threw and no rule caught. */
function addStubName(outcome: Outcome, values: TestValues): Outcome {
  const stub = values.getFailure()?.stub
  if (stub === undefined) return outcome
  const suffix = ` (thrown by the stub ${stub})`
  if (outcome.outcome === 'deny') return { ...outcome, reason: outcome.reason + suffix }
  if (outcome.outcome !== 'error') return outcome
  const error = { ...outcome.error, message: outcome.error.message + suffix }
  return { ...outcome, reason: outcome.reason + suffix, error }
}

function toCallbackError(outcome: Outcome, values: TestValues, RealmError: ErrorConstructor): TestResult['error'] {
  if (outcome.outcome !== 'deny' && outcome.outcome !== 'error') return null
  const thrownValue = values.getFailure()?.value
  // The test expects the instance of its own class, whatever that extends.
  if (
    types.isNativeError(thrownValue) ||
    (typeof thrownValue === 'object' && thrownValue !== null && isReference(thrownValue))
  ) {
    return thrownValue as Error
  }
  if (typeof thrownValue === 'string' && outcome.outcome === 'deny') return thrownValue
  const { reason, error, reasonCode } = outcome
  const code = error?.code ?? reasonCode
  return Object.assign(new RealmError(reason), code === undefined ? {} : { code })
}
