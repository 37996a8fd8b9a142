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
import { findErrorClass, isHandle } from '../values/value-kinds.ts'
import { writeBack } from '../values/write-back.ts'

/** How a login ended: its outcome, and the error that a callback gets. */
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
  /** Something that the test has made: its errors are to be errors there. */
  readonly origin: object
}

/** Begins a login; when this returns, the rules have done what they do at once. What they changed is written back. */
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

/** Each by itself: an object that holds functions would be a value of the test's as a whole. */
function serializeGroup(
  group: Readonly<Record<string, unknown>>,
  values: TestValues,
): ReturnType<TestValues['serialize']> {
  return {
    is: 'data',
    v: Object.fromEntries(Object.entries(group).map(([name, value]) => [name, values.serialize(value)])),
  }
}

/** An error that a stub threw, and no rule caught, is the stub's. */
function addStubName(outcome: Outcome, values: TestValues): Outcome {
  const stub = values.getFailure()?.stub
  if (stub === undefined || outcome.reason === undefined) return outcome
  const suffix = ` (thrown by the stub ${stub})`
  const { error } = outcome
  return {
    ...outcome,
    reason: outcome.reason + suffix,
    ...(error === undefined ? {} : { error: { ...error, message: error.message + suffix } }),
  }
}

function toCallbackError(outcome: Outcome, values: TestValues, RealmError: ErrorConstructor): TestResult['error'] {
  if (outcome.outcome !== 'deny' && outcome.outcome !== 'error') return null
  const thrownValue = values.getFailure()?.value
  // An instance of a class of the test's own is what its test looks for, whatever it extends.
  if (
    types.isNativeError(thrownValue) ||
    (typeof thrownValue === 'object' && thrownValue !== null && isHandle(thrownValue))
  ) {
    return thrownValue as Error
  }
  if (typeof thrownValue === 'string' && outcome.outcome === 'deny') return thrownValue
  const { reason, error, reasonCode } = outcome
  const code = error?.code ?? reasonCode
  return Object.assign(new RealmError(reason), code === undefined ? {} : { code })
}
