import type { SandboxLimits } from '../limits.ts'
import type { Outbox } from '../outbox.ts'
import type { FromWorker, Program } from '../protocol.ts'
import { createActionCache } from './action-cache.ts'
import { ask } from './ask.ts'
import type { WorkerClock } from './clock.ts'
import type { RunFailure } from './books.ts'
import { brokenOff, starvation } from './broken-off.ts'
import { createDoor } from './door.ts'
import type { WorkerRealm } from './isolate.ts'
import { type Login, type LoginInput, type Seat, createLogin } from './login.ts'
import { createPendingOps } from './pending.ts'
import { createRealms } from './realms.ts'
import type { Services } from './services.ts'

/** Runs the logins of one ruleset in one isolate, each in a realm of its own. */
export interface Runner {
  run(input: LoginInput): void
  /** Brings the parent's answer to a call; nothing happens where the call was not made here. */
  answer(op: number, ok: boolean, body: string): void
  readonly idle: boolean
  dispose(): void
}

export interface RunnerOptions {
  readonly limits: SandboxLimits
  readonly services: Services
  readonly clock: WorkerClock
  readonly outbox: Outbox<FromWorker>
  /** The next number for an op, one that no other runner of this worker gives. */
  readonly nextOp: () => number
  /** Realms take a while to start: the parent must not take the worker for frozen. */
  readonly showLife: () => void
}

const maxStrayLength = 1_000

export function createRunner(program: Program, options: RunnerOptions): Runner {
  const { limits, services, clock, outbox } = options
  const logins = new Map<number, Login>()
  const queue: Login[] = []
  const pending = createPendingOps(limits, options.nextOp)
  /** Whom the code inside may belong to; the first is the one that pays. */
  let inside: readonly Login[] = []
  /** Logins that ended while another one was inside. */
  let endedBeside: Login[] = []
  const cache = createActionCache()
  const door = createDoor({
    inside: () => inside,
    services,
    ask: (name, input, login) => (name === 'cache' ? cache(input) : ask(name, input, limits, login?.seeded)),
    pending,
    settle,
    onEnd: (login) => endedBeside.push(login),
  })
  const realms = createRealms(program, limits, door, options.showLife)

  /** One entry into the isolate; afterwards the login has ended, or waits for something, or never will end by itself. */
  function enter(
    [login, ...others]: readonly [Login, ...Login[]],
    seat: Seat | undefined,
    entry: (realm: WorkerRealm, timeoutMs: number) => void,
  ): void {
    if (seat === undefined || seat.gone) {
      starveIfNothingPends()
      return
    }
    outbox.flushOld(clock.nowMs())
    inside = [login, ...others]
    let thrown: string | undefined
    try {
      entry(seat.realm, login.books.enter())
    } catch (error) {
      thrown = error instanceof Error ? error.message : String(error)
    }
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
    else {
      // isolated-vm throws what a promise was rejected with that nobody handles.
      const stray = message.slice(0, maxStrayLength)
      abandon(login, { code: 'RULE_THREW', message: `nobody handled a rejection: ${stray}` })
    }
  }

  function afterEntry(login: Login): void {
    const others = endedBeside
    endedBeside = []
    for (const other of others) end(other)
    if (login.books.ended) end(login)
    else if (login.seat === undefined) lose(login)
    else {
      watch(login)
      starveIfNothingPends()
    }
  }

  function watch(login: Login): void {
    clearTimeout(login.alarm)
    const { ruleMs, loginMs } = login.books.deadlines()
    login.alarm = setTimeout(() => outOfTime(login), Math.max(0, Math.min(ruleMs, loginMs) - clock.nowMs()))
  }

  /** A login without a callback and with nothing pending anywhere in the isolate can never end. */
  function starveIfNothingPends(): void {
    if (pending.size > 0 || inside.length > 0) return
    const starved = [...logins.values()].find((login) => login.seat !== undefined)
    if (starved !== undefined) abandon(starved, starvation(starved.books.atWork))
  }

  function outOfTime(login: Login): void {
    const { ruleMs, loginMs } = login.books.deadlines()
    const atMs = clock.nowMs()
    if (atMs >= loginMs) {
      const message = `the login's rules took longer than ${login.wallMs} ms`
      login.books.fail({ code: 'RULE_TIMEOUT', message })
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
    leave(login, true)
    outbox.post({ type: 'lost', id: login.id })
  }

  /** Lets go of all that the login still had under way. */
  function leave(login: Login, all: boolean): void {
    clearTimeout(login.alarm)
    logins.delete(login.id)
    pending.leave(login, all)
  }

  function end(login: Login): void {
    const result = login.books.result()
    const failed = result.status === 'error'
    leave(login, failed)
    if (login.seat !== undefined) realms.release(login.seat, failed)
    login.seat = undefined
    outbox.post({ type: 'done', id: login.id, ...result })
    // Were the worker lost now, this login could not be run again.
    if (login.outside) outbox.flush()
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
      if (begin(login, timeoutMs) === 'started') return
      login.books.leave() // what a realm takes to start is not the rules' doing
      if (login.seat !== undefined) realms.release(login.seat, true)
      if (!login.books.ended && giveRealm(login)) begin(login, login.books.enter())
    })
  }

  function begin(login: Login, timeoutMs: number): 'started' | 'dirty' | undefined {
    const { seat, input, facts, flow, conditions } = login
    if (seat === undefined) return undefined
    const { stale } = seat
    seat.stale = []
    return seat.realm.start({ login: input, facts, flow, conditions, stale }, timeoutMs)
  }

  /** Finds a realm for the login; where there is none to be had, the login has failed. */
  function giveRealm(login: Login): boolean {
    for (let attempt = 1; ; attempt++) {
      try {
        login.seat = realms.acquire(login)
        return true
      } catch (error) {
        discardIsolate(login)
        const isSyntax = error instanceof SyntaxError
        if (!isSyntax && attempt === 1) continue
        const message = isSyntax ? error.message : 'there is no room for another realm'
        login.books.fail({ code: isSyntax ? 'RULE_SYNTAX' : 'RULE_MEMORY', message })
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
      logins.set(login.id, login)
      queue.push(login)
      startNext()
    },
    answer: settle,
    get idle() {
      return logins.size === 0
    },
    dispose: () => realms.discard(),
  }
}
