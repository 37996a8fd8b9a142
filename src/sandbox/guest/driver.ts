import type { RuleErrorCode } from '../../errors/codes.ts'
import type { Change } from '../../profile/changes.ts'
import { type Written, encodeMarked, restoreMarked } from '../codec.ts'
import { type Refreshed, createRefresh } from './changes.ts'
import { type Failure, failed, refused, thrown, unreadable } from './failure.ts'
import type { GuestResult, Host, RealmOptions, RuleReport } from './host.ts'
import { type Json, clonePlain } from './json.ts'
import { NativePromise, apply, isArray, chain, defer, parseJson, toJson } from './primordials.ts'

/** The text of a rule, made into a function afresh for every login, so that nothing it closes over outlives the login. */
export type RuleFactory = (configuration: object, auth0: object, global: object, require: unknown) => unknown

/** What a rule finds in its scope besides the globals. */
export interface RuleScope {
  readonly configuration: object
  readonly auth0: object
  readonly global: object
  readonly require: unknown
}

/** One rule at work. The first end counts; whatever the rule does after that changes nothing. */
interface Turn {
  readonly index: number
  ended: boolean
  /** The rule's own call has not returned yet. */
  running: boolean
  failure: Failure | undefined
  /** What `onError: 'skip'` goes back to. */
  readonly restore: string | undefined
}

interface Login {
  user: unknown
  context: unknown
}

export interface Driver {
  /** Runs the rules over a login that `encode` wrote. */
  start(text: string, scope: RuleScope): void
  /** Ends the rule that is running as failed. */
  abandon(code: RuleErrorCode, message: string): void
  /** Ends the rule that is running with what a callback of its own threw. */
  threw(error: unknown): void
}

/** Runs the rules of one login, one after the other, and tells the host what each did. */
export function createDriver(host: Host, factories: readonly RuleFactory[], options: RealmOptions): Driver {
  const { limits, rules } = options
  const codecLimits = { maxDepth: limits.maxDepth + 1, maxLength: limits.maxOutputBytes }
  const refresh = createRefresh(limits.maxDepth)
  let login: Login
  let scope: RuleScope
  /** How the last rule left the login, in JSON's words, and whether those words say it all. */
  let last: Refreshed
  /** The same as text, where it has been written; and how long that can be at most. */
  let text: string | undefined
  let mostLength = 0
  /** What the rule that was concluded last had changed, as text. */
  let changes = '[]'
  let turn: Turn | undefined

  function start(written: string, newScope: RuleScope): void {
    scope = newScope
    try {
      restore(written)
    } catch (error) {
      const { code, message } = unreadable(error)
      finish({ status: 'error', error: { code, message } }, false)
      return
    }
    runFrom(0)
  }

  function restore(written: string): void {
    text = written
    mostLength = written.length
    const [value, marks] = parseJson(written) as Written
    if (marks === undefined) {
      login = value as Login
      last = { snapshot: clonePlain(value as Json), marks }
    } else {
      login = restoreMarked(value, marks) as Login
      last = refresh({}, login, [])
    }
  }

  /** The login as it was when its changes were last taken. */
  function textOfLogin(): string {
    text ??= encodeMarked(last.snapshot, last.marks, codecLimits)
    mostLength = text.length
    return text
  }

  function runFrom(first: number): void {
    for (let index = first; index < factories.length; index++) {
      const current: Turn = {
        index,
        ended: false,
        running: true,
        failure: undefined,
        restore: rules[index]!.onError === 'skip' ? textOfLogin() : undefined,
      }
      turn = current
      callRule(current)
      current.running = false
      if (!current.ended || !conclude(current)) return
    }
    finish({ status: 'ok' })
  }

  function callRule(current: Turn): void {
    try {
      const { configuration, auth0, global, require } = scope
      const rule = factories[current.index]!(configuration, auth0, global, require)
      if (typeof rule !== 'function') {
        end(current, failed('RULE_SYNTAX', 'the script is an expression, but its value is not a function'))
        return
      }
      const returned: unknown = apply(rule, undefined, [login.user, login.context, callbackOf(current)])
      if (typeof returned === 'object' && returned !== null) watch(returned, current)
    } catch (error) {
      end(current, thrown(error, rules[current.index]!.filename))
    }
  }

  function callbackOf(current: Turn): (error?: unknown, user?: unknown, context?: unknown) => void {
    return function callback(error, user, context) {
      if (current.ended) return
      if (error !== undefined && error !== null && error !== false && error !== '') end(current, refused(error))
      else end(current, adopt('user', user) ?? adopt('context', context))
    }
  }

  /** Takes over what a rule passed on; where it passes nothing, its changes in place stand. */
  function adopt(what: keyof Login, value: unknown): Failure | undefined {
    if (value === undefined || value === null) return undefined
    if (typeof value !== 'object') {
      return failed('RULE_OUTPUT', `the callback got a ${typeof value} as ${what}; an object belongs there`)
    }
    login[what] = value
    return undefined
  }

  /** A rule ends through its callback; a promise it returns only tells of a failure before that. */
  function watch(returned: object, current: Turn): void {
    const settled = new NativePromise<unknown>((resolve) => {
      resolve(returned)
    })
    void chain(
      settled,
      () => undefined,
      (reason) => end(current, thrown(reason, rules[current.index]!.filename)),
    )
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
      return true
    }
    const error = { code: failure.code, message: failure.message }
    if (current.restore !== undefined && !failure.deliberate) {
      restore(current.restore)
      report('skipped', '[]', error)
      return true
    }
    if (failure.kind === 'deny') {
      // A login that is refused stays refused, whatever its rule did to user and context.
      const isReadable = takeChanges(factories.length) === undefined
      report('deny', isReadable ? changes : '[]')
      finish({ status: 'deny', reason: failure.message }, isReadable)
    } else {
      report('error', '[]', error)
      finish({ status: 'error', error }, false)
    }
    return false
  }

  /** Finds out what the rule changed, and whether the login is still one that the rule at `next`, or the host, can take. */
  function takeChanges(next: number): Failure | undefined {
    const found: Change[] = []
    const wasPlain = last.marks === undefined
    try {
      last = refresh(last.snapshot, login, found)
      const misfit = misfitOf(last.snapshot)
      if (misfit !== undefined) return failed('RULE_OUTPUT', misfit)
      changes = toJson(found)
      if (changes.length > 2 * limits.maxOutputBytes) {
        return failed('RULE_OUTPUT', `what the rule changed is larger than ${limits.maxOutputBytes} bytes`)
      }
      if (found.length > 0 || !wasPlain || last.marks !== undefined) text = undefined
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
    host('report', 0, `{"status":"${status}","changes":${changesText}${suffix}}`)
  }

  function finish(result: GuestResult, isReadable = true): void {
    turn = undefined
    host('finish', isReadable ? textOfLogin() : '', toJson(result))
  }

  function abandon(code: RuleErrorCode, message: string): void {
    if (turn !== undefined) end(turn, failed(code, message))
  }

  function threw(error: unknown): void {
    if (turn !== undefined) end(turn, thrown(error, rules[turn.index]!.filename))
  }

  return { start, abandon, threw }
}

/** What is wrong with what a rule left as user or context. */
function misfitOf(snapshot: Json): string | undefined {
  const { user, context } = snapshot as { user: Json; context: Json }
  if (typeof user !== 'object' || user === null || isArray(user)) return 'what the rule left as user is not an object'
  if (typeof context !== 'object' || context === null || isArray(context)) {
    return 'what the rule left as context is not an object'
  }
  return undefined
}
