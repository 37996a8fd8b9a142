import { types } from 'node:util'
import type { Outcome } from '../../engine/outcome/outcome.ts'
import type { Trial } from '../../engine/run/trials.ts'
import type { LoginContext } from '../../profile/context/context.ts'
import type { User } from '../../profile/user/user.ts'
import { recordedAuth0, savedNowhere } from './auth0.ts'
import { fetchOf } from './network.ts'
import { type RuleOptions, conditionsOf } from './options.ts'
import { sandbox } from './sandbox.ts'
import { type TestValues, createTestValues } from '../values/test-values.ts'
import { errorClassOf, isHandle } from '../values/value-kinds.ts'
import { writeBack } from '../values/write-back.ts'

/** How a login ended: its outcome, and the error that a callback gets. */
export interface Ended {
  readonly outcome: Outcome
  /** An `Error`, or the text that a rule called back with. */
  readonly error: Error | string | null
}

export interface Login {
  readonly trial: Trial
  readonly user: object
  readonly context: object
  readonly configuration: Readonly<Record<string, unknown>>
  readonly options: RuleOptions
  /** Something that the test has made: its errors are to be errors there. */
  readonly origin: object
}

/** Begins a login; when this returns, the rules have done what they do at once. What they changed is written back. */
export function beginLogin(login: Login, done: (ended: Ended) => void, failed: (error: unknown) => void): void {
  const { trial, user, context, configuration, options, origin } = login
  const RealmError = errorClassOf(origin)
  const values = createTestValues(RealmError)
  const { auth0, updates } = recordedAuth0(options.auth0)
  const { globals = {}, modules = {} } = options
  const names = { configuration, ...(auth0 === undefined ? {} : { auth0 }), ...globals }
  for (const group of [names, modules]) for (const [name, value] of Object.entries(group)) values.name(value, name)
  sandbox().begin(
    trial,
    {
      user: user as User,
      context: context as LoginContext,
      conditions: conditionsOf(options),
      users: savedNowhere,
      fetch: fetchOf(options.fetch),
      values: { is: 'data', v: { names: toldOne(names, values), modules: toldOne(modules, values) } },
      stubs: values.stubs,
      answer: values.answer,
    },
    (found) => {
      values.end()
      const outcome = updates.length === 0 ? found : { ...found, updates }
      writeBack(user, outcome.user)
      writeBack(context, outcome.context)
      done({
        outcome: { ...blamed(outcome, values), user: user as User, context: context as LoginContext },
        error: errorOf(outcome, values, RealmError),
      })
    },
    failed,
  )
}

/** Each by itself: an object that holds functions would be a value of the test's as a whole. */
function toldOne(group: Readonly<Record<string, unknown>>, values: TestValues): ReturnType<TestValues['tell']> {
  return { is: 'data', v: Object.fromEntries(Object.entries(group).map(([name, value]) => [name, values.tell(value)])) }
}

/** An error that a stub threw, and no rule caught, is the stub's. */
function blamed(outcome: Outcome, values: TestValues): Outcome {
  const failure = values.failure()
  const stub = failure && values.thrower(failure.value)
  if (stub === undefined || outcome.reason === undefined) return outcome
  const by = ` (thrown by the stub ${stub})`
  const { error } = outcome
  return {
    ...outcome,
    reason: outcome.reason + by,
    ...(error === undefined ? {} : { error: { ...error, message: error.message + by } }),
  }
}

function errorOf(outcome: Outcome, values: TestValues, RealmError: ErrorConstructor): Ended['error'] {
  if (outcome.outcome !== 'deny' && outcome.outcome !== 'error') return null
  const thrown = values.failure()?.value
  // An instance of a class of the test's own is what its test looks for, whatever it extends.
  if (types.isNativeError(thrown) || (typeof thrown === 'object' && thrown !== null && isHandle(thrown))) {
    return thrown as Error
  }
  if (typeof thrown === 'string' && outcome.outcome === 'deny') return thrown
  const { reason, error, reasonCode } = outcome
  const code = error?.code ?? reasonCode
  return Object.assign(new RealmError(reason), code === undefined ? {} : { code })
}
