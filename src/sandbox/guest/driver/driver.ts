import type { RuleErrorCode } from '../../../errors/codes.ts'
import type { Flow } from '../../wire/flow.ts'
import type { CallAction } from './call-action.ts'
import { callRule } from './call-rule.ts'
import { endClock } from '../realm/clock.ts'
import { type Failure, failed, thrown, unreadable } from './failure.ts'
import type { GuestResult, Host, RealmOptions, RuleReport } from '../../wire/guest-contract.ts'
import { createLoginState } from '../changes/login-state.ts'
import { defer, isArray, push, toJson } from '../../wire/primordials.ts'
import { createSavedMetadata } from './saved-metadata.ts'
import type { Restore, RuleFactory, RuleScope, Turn } from './turn.ts'

export interface Driver {
  /** Runs the rules over a login that `encode` wrote; `flow` says how it was suspended before, and `told` goes with the result. */
  start(text: string, scope: RuleScope, flow: Flow | undefined, told: GuestResult['shared']): void
  /** Ends the rule that is running as failed. */
  abandon(code: RuleErrorCode, message: string): void
  /** Ends the rule that is running with what a callback of its own threw. */
  threw(error: unknown): void
}

const wentWell: GuestResult = { status: 'ok' }

export interface DriverHooks {
  readonly callAction: CallAction
  /** Learns of what a rule refused the login with, or threw, before it becomes a text. */
  readonly failedWith: (error: unknown) => void
}

/** Runs the rules of one login, one after the other, and tells the host what each did. */
export function createDriver(
  host: Host,
  factories: readonly RuleFactory[],
  { limits, rules }: RealmOptions,
  { callAction, failedWith }: DriverHooks,
): Driver {
  const state = createLoginState(limits)
  let scope: RuleScope
  /** The report of a rule that the host has not been told yet. */
  let due = ''
  let turn: Turn | undefined
  let flow: Flow | undefined
  let shared: GuestResult['shared']
  const metadata = createSavedMetadata()

  const start: Driver['start'] = (written, newScope, newFlow, newShared) => {
    scope = newScope
    flow = newFlow
    shared = newShared
    metadata.reset(undefined)
    try {
      state.begin(written)
    } catch (error) {
      const { code, message } = unreadable(error)
      finish({ status: 'error', error: { code, message } }, false)
      return
    }
    runFrom(flow?.first ?? 0)
  }

  function runFrom(first: number): void {
    for (let index = first; index < factories.length; index++) {
      // The user goes where the rules send them before any action runs.
      if (rules[index]!.kind === 'action' && rules[index - 1]?.kind === 'rule' && isSentAway()) break
      if (due !== '') host('report', 0, takeDue())
      const current: Turn = {
        index,
        ended: false,
        running: true,
        failure: undefined,
        suspends: undefined,
        restore: rules[index]!.onError === 'skip' ? { login: state.text(), saved: metadata.mark() } : undefined,
      }
      turn = current
      call(current)
      current.running = false
      if (!current.ended || !conclude(current)) return
    }
    finish(wentWell)
  }

  function call(current: Turn): void {
    const { kind, filename } = rules[current.index]!
    try {
      const main = mainOf(current.index)
      if (kind === 'rule') callRule(main, current, state.login, { end, filename, failedWith })
      else callAction(main, current, { login: state.login, snapshot: state.data(), flow, saved: metadata.keys, end })
    } catch (error) {
      fail(current, error)
    }
  }

  function mainOf(index: number): unknown {
    const { configuration, auth0, global, require, names } = scope
    const { parameters } = rules[index]!
    const factory = factories[index]!
    if (parameters === undefined) return factory(configuration, auth0, global, require)
    const more: unknown[] = []
    for (let at = 0; at < parameters.length; at++) push(more, names?.[parameters[at]!])
    return factory(configuration, auth0, global, require, ...more)
  }

  function fail(current: Turn, error: unknown): void {
    if (current.ended || turn !== current) return
    const failure = thrown(error, rules[current.index]!.filename)
    failedWith(error)
    end(current, failure)
  }

  function isSentAway(): boolean {
    const { protocol, redirect } = state.data().context
    if (typeof redirect !== 'object' || redirect === null || isArray(redirect)) return false
    const { url } = redirect
    return protocol !== 'redirect-callback' && typeof url === 'string' && url !== ''
  }

  function end(current: Turn, failure: Failure | undefined): void {
    if (current.ended || turn !== current) return
    current.ended = true
    current.failure = failure
    if (current.running) return
    // The next rule begins once the code that called back has returned.
    defer(() => {
      if (turn === current && conclude(current)) runFrom(current.index + 1)
    })
  }

  /** Tells the host how a rule ended; answers whether the next one may begin. */
  function conclude(current: Turn): boolean {
    const { failure = takeChanges(current.index + 1) } = current
    if (failure === undefined) {
      report('ok', state.changes)
      const { suspends } = current
      if (suspends === undefined) return true
      finish({ status: 'ok', suspended: { by: suspends, action: rules[current.index]!.name } })
      return false
    }
    const error = { code: failure.code, message: failure.message }
    if (current.restore !== undefined && !failure.deliberate) {
      undo(current.restore)
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

  function undo({ login: written, saved }: Restore): void {
    state.restore(written)
    metadata.reset(saved)
  }

  /** Whether the login is still one that the rule at `next`, or the host, can take. */
  function takeChanges(next: number): Failure | undefined {
    return state.take(next < rules.length && rules[next]!.onError === 'skip')
  }

  function report(status: RuleReport['status'], changesText: string, error?: RuleReport['error']): void {
    const suffix = error === undefined ? '' : `,"error":${toJson(error)}`
    due = `{"status":"${status}","changes":${changesText}${suffix}}`
  }

  /** The report of a last rule goes with the end of the login: each call of the host's is dear. */
  function takeDue(): string {
    const taken = due
    due = ''
    return taken
  }

  function finish(result: GuestResult, isReadable = true): void {
    turn = undefined
    const batch = isReadable ? metadata.batchOf(state.data) : undefined
    const readings = endClock()
    const changesTell = isReadable && state.cameBare && result.suspended === undefined
    const extra = batch === undefined && shared === undefined ? undefined : { metadata: batch, readings, shared }
    const isUsual = changesTell && extra === undefined && result === wentWell
    const ending = isUsual ? '' : toJson({ ...result, ...extra, ...(changesTell ? { changesTell } : undefined) })
    host('finish', changesTell ? state.marks : isReadable ? state.text() : '', ending, takeDue())
  }

  function abandon(code: RuleErrorCode, message: string): void {
    if (turn !== undefined) end(turn, failed(code, message))
  }

  function threw(error: unknown): void {
    if (turn !== undefined) fail(turn, error)
  }

  return { start, abandon, threw }
}
