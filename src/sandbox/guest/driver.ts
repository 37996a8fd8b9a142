import type { RuleErrorCode } from '../../errors/codes.ts'
import type { Change } from '../../profile/changes.ts'
import { type Marks, type Written, encodeMarked, restoreMarked } from '../codec.ts'
import { createWatch } from './changes.ts'
import type { Flow } from '../flow.ts'
import type { CallAction } from './call-action.ts'
import { callRule } from './call-rule.ts'
import { endClock } from './clock.ts'
import { type Failure, failed, thrown, unreadable } from './failure.ts'
import type { GuestResult, Host, RealmOptions, RuleReport } from './host.ts'
import type { Json } from './json.ts'
import { defer, isArray, parseJson, push, toJson } from './primordials.ts'
import { createSavedMetadata } from './saved-metadata.ts'
import type { Login, Restore, RuleFactory, RuleScope, Turn } from './turn.ts'

export interface Driver {
  /** Runs the rules over a login that `encode` wrote; `flow` says how it was suspended before, and `told` goes with the result. */
  start(text: string, scope: RuleScope, flow: Flow | undefined, told: GuestResult['shared']): void
  /** Ends the rule that is running as failed. */
  abandon(code: RuleErrorCode, message: string): void
  /** Ends the rule that is running with what a callback of its own threw. */
  threw(error: unknown): void
}

interface LoginData {
  readonly user: { [key: string]: Json }
  readonly context: { [key: string]: Json }
}

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
  const codecLimits = { maxDepth: limits.maxDepth + 1, maxLength: limits.maxOutputBytes }
  const watch = createWatch(limits.maxDepth)
  let login: Login
  let scope: RuleScope
  /** What JSON's words leave out of the login, as the last rule left it. */
  let marks: Marks | undefined
  /** The login as the last rule left it, where it has been written; and how long that can be at most. */
  let text: string | undefined
  let mostLength = 0
  /** What the rule that was concluded last had changed, as text. */
  let changes = '[]'
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
      restore(written)
    } catch (error) {
      const { code, message } = unreadable(error)
      finish({ status: 'error', error: { code, message } }, false)
      return
    }
    runFrom(flow?.first ?? 0)
  }

  function restore(written: string): void {
    text = written
    mostLength = written.length
    const [value, writtenMarks] = parseJson(written) as Written
    marks = writtenMarks
    login = (marks === undefined ? value : restoreMarked(value, marks)) as Login
    watch.begin(login)
  }

  /** The login as it was when its changes were last taken. */
  function textOfLogin(): string {
    text ??= encodeMarked(watch.copy(), marks, codecLimits)
    mostLength = text.length
    return text
  }

  const dataOfLogin = (): LoginData => watch.copy() as unknown as LoginData

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
        restore: rules[index]!.onError === 'skip' ? { login: textOfLogin(), saved: metadata.mark() } : undefined,
      }
      turn = current
      call(current)
      current.running = false
      if (!current.ended || !conclude(current)) return
    }
    finish({ status: 'ok' })
  }

  function call(current: Turn): void {
    const { kind, filename } = rules[current.index]!
    try {
      const { configuration, auth0, global, require, names } = scope
      const { parameters = [] } = rules[current.index]!
      const more: unknown[] = []
      for (let index = 0; index < parameters.length; index++) push(more, names?.[parameters[index]!])
      const main = factories[current.index]!(configuration, auth0, global, require, ...more)
      if (kind === 'rule') callRule(main, current, login, { end, filename, failedWith })
      else callAction(main, current, { login, snapshot: dataOfLogin(), flow, saved: metadata.keys, end })
    } catch (error) {
      fail(current, error)
    }
  }

  function fail(current: Turn, error: unknown): void {
    if (current.ended || turn !== current) return
    const failure = thrown(error, rules[current.index]!.filename)
    failedWith(error)
    end(current, failure)
  }

  function isSentAway(): boolean {
    const { protocol, redirect } = dataOfLogin().context
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
      report('ok', changes)
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
      report('deny', isReadable ? changes : '[]')
      const { message: reason, reasonCode } = failure
      finish({ status: 'deny', reason, ...(reasonCode === undefined ? {} : { reasonCode }) }, isReadable)
    } else {
      report('error', '[]', error)
      finish({ status: 'error', error }, false)
    }
    return false
  }

  function undo({ login: written, saved }: Restore): void {
    restore(written)
    metadata.reset(saved)
  }

  /** Finds out what the rule changed, and whether the login is still one that the rule at `next`, or the host, can take. */
  function takeChanges(next: number): Failure | undefined {
    const found: Change[] = []
    const wasPlain = marks === undefined
    try {
      marks = watch.look(login, found)
      const misfit = misfitOf()
      if (misfit !== undefined) return failed('RULE_OUTPUT', misfit)
      changes = found.length === 0 ? '[]' : toJson(found)
      if (changes.length > 2 * limits.maxOutputBytes) {
        return failed('RULE_OUTPUT', `what the rule changed is larger than ${limits.maxOutputBytes} bytes`)
      }
      if (found.length > 0 || !wasPlain || marks !== undefined) text = undefined
      mostLength += changes.length
      const isWanted = next >= rules.length || rules[next]!.onError === 'skip'
      if (isWanted || mostLength > limits.maxOutputBytes) textOfLogin()
      return undefined
    } catch (error) {
      return unreadable(error)
    }
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
    const batch = isReadable ? metadata.batchOf(dataOfLogin) : undefined
    const readings = endClock()
    const extra = batch === undefined && shared === undefined ? undefined : { metadata: batch, readings, shared }
    const ending = toJson(extra === undefined ? result : { ...result, ...extra })
    host('finish', isReadable ? textOfLogin() : '', ending, takeDue())
  }

  function abandon(code: RuleErrorCode, message: string): void {
    if (turn !== undefined) end(turn, failed(code, message))
  }

  function threw(error: unknown): void {
    if (turn !== undefined) fail(turn, error)
  }

  /** What is wrong with what a rule left as user or context. */
  function misfitOf(): string | undefined {
    if (!watch.isObject('user')) return 'what the rule left as user is not an object'
    if (!watch.isObject('context')) return 'what the rule left as context is not an object'
    return undefined
  }

  return { start, abandon, threw }
}
