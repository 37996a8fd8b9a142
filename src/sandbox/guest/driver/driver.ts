import type { RuleErrorCode } from '../../../errors/codes.ts'
import type { ResumePoint } from '../../wire/resume-point.ts'
import type { CallAction } from './call-action.ts'
import { callRule } from './call-rule.ts'
import { endClock } from '../realm/clock.ts'
import { type GuestFailure, createFailure, toGuestFailure, toOutputFailure } from './guest-failure.ts'
import type { GuestResult, Host, RealmOptions, GuestRuleReport } from '../../wire/guest-contract.ts'
import { createLoginState } from '../changes/login-state.ts'
import { defer, isArray, push, toJson } from '../../wire/primordials.ts'
import { createSavedMetadata } from './saved-metadata.ts'
import type { RestorePoint, RuleFactory, RuleScope, RuleRun } from './rule-run.ts'

export interface Driver {
  /** Runs the rules over a login that `encode` wrote; `flow` says how it was suspended before, and `told` goes with the result. */
  start(text: string, scope: RuleScope, resumePoint: ResumePoint | undefined, shared: GuestResult['shared']): void
  /** Ends the rule that is running as failed. */
  abandon(code: RuleErrorCode, message: string): void
  /** Ends the rule that is running with what a callback of its own threw. */
  reportThrow(error: unknown): void
}

const okResult: GuestResult = { status: 'ok' }

export interface DriverHooks {
  readonly callAction: CallAction
  /** Learns of what a rule refused the login with, or threw, before it becomes a text. */
  readonly onFailure: (error: unknown) => void
}

/** Runs the rules of one login, one after the other, and tells the host what each did. */
export function createDriver(
  host: Host,
  factories: readonly RuleFactory[],
  { limits, rules }: RealmOptions,
  { callAction, onFailure }: DriverHooks,
): Driver {
  const state = createLoginState(limits)
  let scope: RuleScope
  /** The report of a rule that the host has not been told yet. */
  let pendingReport = ''
  let ruleRun: RuleRun | undefined
  let resumePoint: ResumePoint | undefined
  let shared: GuestResult['shared']
  const metadata = createSavedMetadata()

  const start: Driver['start'] = (loginText, newScope, newResumePoint, newShared) => {
    scope = newScope
    resumePoint = newResumePoint
    shared = newShared
    metadata.reset(undefined)
    try {
      state.begin(loginText)
    } catch (error) {
      const { code, message } = toOutputFailure(error)
      finish({ status: 'error', error: { code, message } }, false)
      return
    }
    runFrom(resumePoint?.ruleIndex ?? 0)
  }

  function runFrom(startIndex: number): void {
    for (let index = startIndex; index < factories.length; index++) {
      // The user goes where the rules send them before any action runs.
      if (rules[index]!.kind === 'action' && rules[index - 1]?.kind === 'rule' && isRedirecting()) break
      if (pendingReport !== '') host('report', 0, takePendingReport())
      const current: RuleRun = {
        index,
        hasEnded: false,
        isRunning: true,
        failure: undefined,
        suspendedBy: undefined,
        restorePoint:
          rules[index]!.onError === 'skip' ? { loginText: state.toText(), savedKeys: metadata.mark() } : undefined,
      }
      ruleRun = current
      call(current)
      current.isRunning = false
      if (!current.hasEnded || !conclude(current)) return
    }
    finish(okResult)
  }

  function call(current: RuleRun): void {
    const { kind, filename } = rules[current.index]!
    try {
      const main = instantiateRule(current.index)
      if (kind === 'rule') callRule(main, current, state.login, { end, filename, onFailure })
      else
        callAction(main, current, {
          login: state.login,
          snapshot: state.toData(),
          resumePoint,
          savedKeys: metadata.keys,
          end,
        })
    } catch (error) {
      fail(current, error)
    }
  }

  function instantiateRule(index: number): unknown {
    const { configuration, auth0, global, require, names } = scope
    const { parameters } = rules[index]!
    const factory = factories[index]!
    if (parameters === undefined) return factory(configuration, auth0, global, require)
    const extraArguments: unknown[] = []
    for (let at = 0; at < parameters.length; at++) push(extraArguments, names?.[parameters[at]!])
    return factory(configuration, auth0, global, require, ...extraArguments)
  }

  function fail(current: RuleRun, error: unknown): void {
    if (current.hasEnded || ruleRun !== current) return
    const failure = toGuestFailure(error, rules[current.index]!.filename)
    onFailure(error)
    end(current, failure)
  }

  function isRedirecting(): boolean {
    const { protocol, redirect } = state.toData().context
    if (typeof redirect !== 'object' || redirect === null || isArray(redirect)) return false
    const { url } = redirect
    return protocol !== 'redirect-callback' && typeof url === 'string' && url !== ''
  }

  function end(current: RuleRun, failure: GuestFailure | undefined): void {
    if (current.hasEnded || ruleRun !== current) return
    current.hasEnded = true
    current.failure = failure
    if (current.isRunning) return
    // The next rule begins once the code that called back has returned.
    defer(() => {
      if (ruleRun === current && conclude(current)) runFrom(current.index + 1)
    })
  }

  /** Tells the host how a rule ended; answers whether the next one may begin. */
  function conclude(current: RuleRun): boolean {
    const { failure = takeChanges(current.index + 1) } = current
    if (failure === undefined) {
      report('ok', state.changes)
      const { suspendedBy } = current
      if (suspendedBy === undefined) return true
      finish({ status: 'ok', suspended: { by: suspendedBy, action: rules[current.index]!.name } })
      return false
    }
    const error = { code: failure.code, message: failure.message }
    if (current.restorePoint !== undefined && !failure.isDeliberate) {
      undo(current.restorePoint)
      report('skipped', '[]', error)
      return true
    }
    if (failure.kind === 'deny') {
      // A login that is refused stays refused, whatever its rule did to user and context.
      const isReadable = takeChanges(factories.length) === undefined
      report('deny', isReadable ? state.changes : '[]')
      const { message: reason, reasonCode } = failure
      finish({ status: 'deny', reason, ...(reasonCode === undefined ? {} : { reasonCode }) }, isReadable)
    } else {
      report('error', '[]', error)
      finish({ status: 'error', error }, false)
    }
    return false
  }

  function undo({ loginText: written, savedKeys }: RestorePoint): void {
    state.restore(written)
    metadata.reset(savedKeys)
  }

  /** Whether the login is still one that the rule at `next`, or the host, can take. */
  function takeChanges(next: number): GuestFailure | undefined {
    return state.captureChanges(next < rules.length && rules[next]!.onError === 'skip')
  }

  function report(status: GuestRuleReport['status'], changesText: string, error?: GuestRuleReport['error']): void {
    const suffix = error === undefined ? '' : `,"error":${toJson(error)}`
    pendingReport = `{"status":"${status}","changes":${changesText}${suffix}}`
  }

  /** The report of a last rule goes with the end of the login: each call of the host's is dear. */
  function takePendingReport(): string {
    const text = pendingReport
    pendingReport = ''
    return text
  }

  function finish(result: GuestResult, isReadable = true): void {
    ruleRun = undefined
    const batch = isReadable ? metadata.createBatch(state.toData) : undefined
    const readings = endClock()
    const isDelta = isReadable && state.isPlainJson && result.suspended === undefined
    const extra = batch === undefined && shared === undefined ? undefined : { metadata: batch, readings, shared }
    const isUsual = isDelta && extra === undefined && result === okResult
    const resultText = isUsual ? '' : toJson({ ...result, ...extra, ...(isDelta ? { isDelta } : undefined) })
    host('finish', isDelta ? state.marks : isReadable ? state.toText() : '', resultText, takePendingReport())
  }

  function abandon(code: RuleErrorCode, message: string): void {
    if (ruleRun !== undefined) end(ruleRun, createFailure(code, message))
  }

  function reportThrow(error: unknown): void {
    if (ruleRun !== undefined) fail(ruleRun, error)
  }

  return { start, abandon, reportThrow }
}
