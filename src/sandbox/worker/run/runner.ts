import type { Program } from '../../wire/protocol.ts'
import { createRoster } from '../../wire/roster.ts'
import { createActionCache } from '../calls/action-cache.ts'
import { ask } from '../calls/ask.ts'
import type { RunFailure } from './books.ts'
import { brokenOff, starvation, unhandledRejection, withoutRealm } from './broken-off.ts'
import { createDoor } from '../calls/door.ts'
import type { WorkerRealm } from '../isolate/isolate.ts'
import { type Login, type Seat, createLogin } from './login.ts'
import { type CutOp, createPendingOps } from '../calls/pending.ts'
import { createRealms } from '../isolate/realms.ts'
import type { Runner, RunnerOptions } from './runner-options.ts'
import { tellOfCuts } from '../calls/tell-of-cuts.ts'
import { createTurnstile, messageOf } from '../isolate/turnstile.ts'

export function createRunner(program: Program, options: RunnerOptions): Runner {
  const { limits, services, clock, outbox, line } = options
  const logins = createRoster<Login>()
  const queue: Login[] = []
  const pending = createPendingOps(limits, options.nextOp)
  /** Whom the code inside may belong to; the first is the one that pays. */
  let inside: readonly Login[] = []
  /** Logins that ended while another one was inside. */
  let endedBeside: Login[] = []
  const turnstile = createTurnstile()
  const cache = createActionCache()
  const door = createDoor({
    inside: () => inside,
    services,
    ask: (name, input, login) => (name === 'cache' ? cache(input) : ask(name, input, limits, login?.seeded)),
    askTest: line && (({ id }, body) => line.ask({ type: 'stub', id, body })),
    pending,
    settle,
    onEnd: (login) => endedBeside.push(login),
    onGone: () => realms.loseGlobal(),
  })
  const realms = createRealms(program, {
    limits,
    door,
    onStarted: options.showLife,
    onCoverage: options.onCoverage,
    debugger: options.onInspected && { post: options.onInspected, onReady: startQueued },
  })

  /** One entry into the isolate; afterwards the login has ended, or waits for something, or never will end by itself. */
  function enter(
    [login, ...others]: readonly [Login, ...Login[]],
    seat: Seat | undefined,
    entry: (realm: WorkerRealm, timeoutMs: number) => unknown,
  ): void {
    if (turnstile.wait(() => login.books.ended || enter([login, ...others], seat, entry))) return
    if (seat === undefined || seat.gone) {
      starveIfNothingPends()
      return
    }
    outbox.flushOld(clock.nowMs())
    inside = [login, ...others]
    let entered: unknown
    let thrown: string | undefined
    try {
      entered = entry(seat.realm, login.books.enter())
    } catch (error) {
      thrown = messageOf(error)
    }
    if (entered instanceof Promise) void turnstile.hold(entered, (message) => leaveIsolate(login, message))
    else leaveIsolate(login, thrown)
  }

  function leaveIsolate(login: Login, thrown: string | undefined): void {
    login.books.leave()
    inside = []
    if (thrown === undefined) afterEntry(login)
    else afterThrow(login, thrown)
  }

  function afterThrow(login: Login, message: string): void {
    const failure = brokenOff(message, limits)
    if (failure !== undefined) {
      // Had the login used up its CPU, its books would be closed. The machine was busy with others, so it runs again.
      if (failure !== 'late') login.books.fail(failure)
      discardIsolate(login)
      afterEntry(login)
    } else if (login.books.ended) afterEntry(login)
    else abandon(login, unhandledRejection(message))
  }

  function afterEntry(login: Login): void {
    endBeside()
    if (login.books.ended) end(login)
    else if (login.seat === undefined) lose(login)
    else {
      if (line !== undefined) outbox.post({ type: 'waits', id: login.id })
      watch(login)
      starveIfNothingPends()
    }
  }

  function endBeside(): void {
    const others = endedBeside
    endedBeside = []
    for (const other of others) end(other)
  }

  function watch(login: Login): void {
    clearTimeout(login.alarm)
    const { ruleMs, loginMs } = login.books.deadlines()
    login.alarm = setTimeout(() => outOfTime(login), Math.max(0, Math.min(ruleMs, loginMs) - clock.nowMs()))
  }

  /** A login without a callback and with nothing pending anywhere in the isolate can never end. */
  function starveIfNothingPends(): void {
    if (pending.size > 0 || inside.length > 0 || turnstile.awaited) return
    const starved = logins.values().find((login) => login.seat !== undefined)
    if (starved !== undefined) abandon(starved, starvation(starved.books.atWork))
  }

  function outOfTime(login: Login): void {
    const { ruleMs, loginMs } = login.books.deadlines()
    const atMs = clock.nowMs()
    if (atMs >= loginMs) {
      login.books.fail({ code: 'RULE_TIMEOUT', message: `the login's rules took longer than ${login.wallMs} ms` })
      end(login)
    } else if (atMs >= ruleMs) {
      abandon(login, { code: 'RULE_TIMEOUT', message: `the rule took longer than ${limits.wallPerRuleMs} ms` })
    } else watch(login)
  }

  /** Ends the rule at work from inside, so that `onError` has its say; a realm that will not have it is broken. */
  function abandon(login: Login, failure: RunFailure): void {
    const rule = login.books.rulesDone
    if (login.abandonedRule === rule) {
      login.books.fail(failure)
      end(login)
      return
    }
    login.abandonedRule = rule
    enter([login], login.seat, (realm, timeoutMs) => realm.abandon(failure.code, failure.message, timeoutMs))
  }

  /** The isolate broke off an entry: what is left of it is not to be trusted. */
  function discardIsolate(culprit: Login): void {
    realms.discard()
    culprit.seat = undefined
    for (const other of logins.values()) if (other.seat !== undefined && !other.books.ended) lose(other)
  }

  function lose(login: Login): void {
    services.hangUp(login)
    leave(login, true)
    outbox.post({ type: 'lost', id: login.id })
  }

  /** Lets go of all that the login still had under way. */
  function leave(login: Login, all: boolean): CutOp[] {
    clearTimeout(login.alarm)
    logins.take(login.id)
    return pending.leave(login, all)
  }

  function hearOfCuts(login: Login, cuts: readonly CutOp[]): void {
    // A debugger may hold an entry up, and nobody waits for this one.
    if (cuts.length === 0 || options.onInspected !== undefined) return
    inside = [login]
    const isWhole = tellOfCuts(cuts)
    inside = []
    if (!isWhole) discardIsolate(login)
    endBeside()
  }

  function end(login: Login): void {
    services.hangUp(login)
    const result = login.books.result()
    const failed = result.status === 'error'
    const cuts = leave(login, failed)
    outbox.post({ type: 'done', id: login.id, ...result })
    // Were the worker lost now, this login could not be run again.
    if (login.outside) outbox.flush()
    hearOfCuts(login, cuts)
    if (login.seat !== undefined) realms.release(login.seat, failed)
    login.seat = undefined
    startNext()
  }

  function startNext(): void {
    if (!realms.hasRoom) {
      // Room comes with the end of a login, which calls here again, or with the next turn of the event loop.
      if (queue.length > 0) setImmediate(startQueued)
      return
    }
    const next = queue.shift()
    if (next !== undefined) start(next)
  }

  function startQueued(): void {
    while (queue.length > 0 && realms.hasRoom) startNext()
  }

  function start(login: Login): void {
    if (!giveRealm(login)) {
      end(login)
      return
    }
    enter([login], login.seat, (_, timeoutMs) => {
      const begun = realms.start(login, timeoutMs)
      if (begun !== 'dirty') return begun
      login.books.leave() // what a realm takes to start is not the rules' doing
      if (login.seat !== undefined) realms.release(login.seat, true)
      return !login.books.ended && giveRealm(login) ? realms.start(login, login.books.enter()) : undefined
    })
  }

  /** Finds a realm for the login; where there is none to be had, the login has failed. */
  function giveRealm(login: Login): boolean {
    for (let attempt = 1; ; attempt++) {
      try {
        login.seat = realms.acquire(login)
        return true
      } catch (error) {
        discardIsolate(login)
        if (!(error instanceof SyntaxError) && attempt === 1) continue
        login.books.fail(withoutRealm(error))
        return false
      }
    }
  }

  function settle(op: number, ok: boolean, body: string): void {
    const found = pending.close(op)
    if (found === undefined) return
    const [login, ...others] = found.waiting
    if (login === undefined) return
    enter([login, ...others], found.seat, (realm, timeoutMs) => realm.settle(op, ok, body, timeoutMs))
  }

  return {
    run(input) {
      const login = createLogin(input, program, limits, clock)
      logins.add(login.id, login)
      queue.push(login)
      startNext()
    },
    answer: settle,
    get idle() {
      return logins.size === 0
    },
    reportCoverage: realms.reportCoverage,
    debug: realms.debug,
    dispose: () => realms.discard(),
  }
}
