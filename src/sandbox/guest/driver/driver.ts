import type { RuleErrorCode } from '../../../errors/codes.ts'
import type { Host, RealmOptions, RealmRule } from '../../wire/guest-contract.ts'
import { defer, isArray, push } from '../../wire/primordials.ts'
import { type LoginState, createLoginState } from '../changes/login-state.ts'
import type { CallAction } from './call-action.ts'
import { callRule } from './call-rule.ts'
import {
  type CallingRun,
  type DriverState,
  type EndRuleRun,
  type EndedRun,
  type DriverInput,
  type RuleRun,
  createRuleRun,
  idleState,
  requireIdle,
  toEnded,
  toWaiting,
} from './driver-state.ts'
import { type GuestFailure, createFailure, toGuestFailure, toOutputFailure } from './guest-failure.ts'
import { type LoginReporter, createLoginReporter, okResult } from './login-reporter.ts'
import type { RestorePoint, RuleFactory, RuleScope } from './rule-scope.ts'
import { createSavedMetadata } from './saved-metadata.ts'

export interface DriverHooks {
  readonly callAction: CallAction
  /** Gets what a rule threw or denied the login with, before it becomes a text. */
  readonly onFailure: (error: unknown) => void
  /** What the login tried to write to, and what the logins of its realm share. */
  readonly getSharedWrite: () => string | undefined
}

/**
 * Runs the rules of one login, one after the other, and reports to the host what each did. `DriverState` lists its
 * states.
 */
export class Driver {
  #state: DriverState = idleState
  readonly #factories: readonly RuleFactory[]
  readonly #rules: readonly RealmRule[]
  readonly #hooks: DriverHooks
  readonly #login: LoginState
  readonly #metadata = createSavedMetadata()
  readonly #reporter: LoginReporter

  constructor(host: Host, factories: readonly RuleFactory[], { limits, rules }: RealmOptions, hooks: DriverHooks) {
    this.#factories = factories
    this.#rules = rules
    this.#hooks = hooks
    this.#login = createLoginState(limits)
    this.#reporter = createLoginReporter(host, this.#login, this.#metadata, hooks.getSharedWrite)
  }

  get state(): DriverState['state'] {
    return this.#state.state
  }

  /** Runs the rules over a login that `encode` wrote. Throws if another login still runs. */
  start(loginText: string, input: DriverInput): void {
    requireIdle(this.#state)
    this.#metadata.reset(undefined)
    try {
      this.#login.begin(loginText)
    } catch (error) {
      const { code, message } = toOutputFailure(error)
      this.#reporter.finish({ status: 'error', error: { code, message } }, input.shared, false)
      return
    }
    this.#runFrom(input.resumePoint?.ruleIndex ?? 0, input)
  }

  /** Ends the current rule with a failure. */
  abandon(code: RuleErrorCode, message: string): void {
    if (this.#state.state !== 'idle') this.#end(this.#state, createFailure(code, message))
  }

  /** Ends the current rule with what one of its callbacks threw. */
  reportThrow(error: unknown): void {
    if (this.#state.state !== 'idle') this.#fail(this.#state, error)
  }

  #runFrom(startIndex: number, input: DriverInput): void {
    for (let index = startIndex; index < this.#factories.length; index++) {
      // A redirect that a rule set takes effect before any action runs.
      if (this.#rules[index]!.kind === 'action' && this.#rules[index - 1]?.kind === 'rule' && this.#isRedirecting()) {
        break
      }
      this.#reporter.flush()
      const run = createRuleRun(index, input, this.#createRestorePoint(index))
      this.#state = run
      const calledRun = this.#call(run)
      if (calledRun.state !== 'ended') {
        this.#state = toWaiting(calledRun)
        return
      }
      if (!this.#conclude(calledRun)) return
    }
    this.#state = idleState
    this.#reporter.finish(okResult, input.shared, true)
  }

  #call(run: CallingRun): CallingRun | EndedRun {
    const { index, input } = run
    const rule = this.#rules[index]!
    try {
      const main = instantiateRule(this.#factories[index]!, rule, input.scope)
      const login = this.#login
      const end = this.#end
      if (rule.kind === 'rule') {
        callRule(main, run, login.login, { end, filename: rule.filename, onFailure: this.#hooks.onFailure })
      } else {
        this.#hooks.callAction(main, run, {
          login: login.login,
          snapshot: login.toData(),
          resumePoint: input.resumePoint,
          savedKeys: this.#metadata.keys,
          end,
        })
      }
    } catch (error) {
      this.#fail(run, error)
    }
    return run
  }

  readonly #end: EndRuleRun = (run, failure) => {
    if (run.state === 'ended') return
    const isCalling = run.state === 'calling'
    const endedRun = toEnded(run, failure)
    if (isCalling) return
    // The next rule starts after the code that ended this one has returned.
    defer(() => {
      if (this.#conclude(endedRun)) this.#runFrom(endedRun.index + 1, endedRun.input)
    })
  }

  #fail(run: RuleRun, error: unknown): void {
    if (run.state === 'ended') return
    const failure = toGuestFailure(error, this.#rules[run.index]!.filename)
    this.#hooks.onFailure(error)
    this.#end(run, failure)
  }

  /** Reports a rule; false if the login ended with it. */
  #conclude(run: EndedRun): boolean {
    const failure = run.failure ?? this.#captureChanges(run.index + 1)
    if (failure !== undefined) return this.#concludeFailure(run, failure)
    this.#reporter.add('ok', this.#login.changes)
    const { suspendedBy } = run
    if (suspendedBy === undefined) return true
    this.#state = idleState
    const suspended = { by: suspendedBy, action: this.#rules[run.index]!.name }
    this.#reporter.finish({ status: 'ok', suspended }, run.input.shared, true)
    return false
  }

  #concludeFailure({ restorePoint, input }: EndedRun, failure: GuestFailure): boolean {
    const { message, reasonCode, isDeliberate } = failure
    const error = { code: failure.code, message }
    if (restorePoint !== undefined && !isDeliberate) {
      this.#restore(restorePoint)
      this.#reporter.add('skipped', '[]', error)
      return true
    }
    if (failure.kind === 'error') {
      this.#reporter.add('error', '[]', error)
      this.#state = idleState
      this.#reporter.finish({ status: 'error', error }, input.shared, false)
      return false
    }
    // The denial counts, even if its rule left a user or context that cannot be read.
    const isReadable = this.#captureChanges(this.#factories.length) === undefined
    this.#reporter.add('deny', isReadable ? this.#login.changes : '[]')
    this.#state = idleState
    const denial = { status: 'deny', reason: message, ...(reasonCode === undefined ? {} : { reasonCode }) } as const
    this.#reporter.finish(denial, input.shared, isReadable)
    return false
  }

  /** Takes the changes of a rule; returns why the rule at `nextIndex`, or the host, cannot use them. */
  #captureChanges(nextIndex: number): GuestFailure | undefined {
    return this.#login.captureChanges(nextIndex < this.#rules.length && this.#rules[nextIndex]!.onError === 'skip')
  }

  #createRestorePoint(index: number): RestorePoint | undefined {
    if (this.#rules[index]!.onError !== 'skip') return undefined
    return { loginText: this.#login.toText(), savedKeys: this.#metadata.mark() }
  }

  #restore({ loginText, savedKeys }: RestorePoint): void {
    this.#login.restore(loginText)
    this.#metadata.reset(savedKeys)
  }

  #isRedirecting(): boolean {
    const { protocol, redirect } = this.#login.toData().context
    if (typeof redirect !== 'object' || redirect === null || isArray(redirect)) return false
    const { url } = redirect
    return protocol !== 'redirect-callback' && typeof url === 'string' && url !== ''
  }
}

/** Evaluates a rule's script in the scope of this login; the result is a rule's function or an action's module body. */
function instantiateRule(factory: RuleFactory, { parameters }: RealmRule, scope: RuleScope): unknown {
  const { configuration, auth0, global, require, names } = scope
  if (parameters === undefined) return factory(configuration, auth0, global, require)
  const extraArguments: unknown[] = []
  for (let at = 0; at < parameters.length; at++) push(extraArguments, names?.[parameters[at]!])
  return factory(configuration, auth0, global, require, ...extraArguments)
}
