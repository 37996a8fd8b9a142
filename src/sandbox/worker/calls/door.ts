import type { GuestResult } from '../../wire/guest-contract.ts'
import { FetchRefusal } from '../../net/worker/fetch-refusal.ts'
import type { HostDoor } from '../isolate/isolate.ts'
import type { Login, Seat } from '../run/login.ts'
import type { PendingOps } from './pending.ts'
import type { Service } from '../../net/worker/service.ts'
import type { Services } from './services.ts'

/** Brings the answer of an op back into the isolate. */
export type Settle = (op: number, ok: boolean, body: string) => void

/** The host's side of the door between the worker and the realm of a seat. */
export type SeatDoor = (seat: Seat) => HostDoor

type Answer = string | number | undefined

export interface DoorOptions {
  /** The logins that may be the ones being run at the moment, the likeliest first. */
  readonly inside: () => readonly Login[]
  readonly services: Services
  /** Answers at once; throws where the input is bad. */
  readonly ask: (name: string, input: string, login: Login | undefined) => string
  /** Asks the test that runs a rule, and waits; absent where there is none. */
  readonly askTest?: ((login: Login, body: string) => string) | undefined
  readonly pending: PendingOps
  readonly settle: Settle
  /** A login ended while another one was being run. */
  readonly onEnd: (login: Login) => void
  /** Code of a realm that is gone asks for something. */
  readonly onGone: () => void
}

/**
 * Serves the realms of one isolate. Rules can share promises and functions on `global`, so what runs in one login's turn
 * may be another login's code: how a rule ended is always told of the login that has the realm it is told from. Work that
 * is asked for may be awaited by that login, or by the one being run, and nobody can say which: it is done for both.
 */
export function createDoor({ inside, services, ask, askTest, pending, settle, onEnd, onGone }: DoorOptions): SeatDoor {
  function begin(seat: Seat, name: string, input: string): number {
    if (seat.gone) {
      onGone()
      throw new Error('what is used here was kept on global by a login that failed, and its realm is gone')
    }
    if (name === 'socket.connect') seat.connects = true
    const waiting = new Set([seat.holder, ...inside()].filter(isUnderWay))
    let refused: unknown
    for (const payer of waiting) {
      try {
        return beginFor(payer, waiting, { seat, name, input })
      } catch (error) {
        refused ??= error
      }
    }
    throw refused
  }

  function beginFor(
    payer: Login,
    waiting: ReadonlySet<Login>,
    asked: { seat: Seat; name: string; input: string },
  ): number {
    const { seat, name, input } = asked
    if (name === 'fetch') offTheBooks(services.readyToFetch)
    const op = pending.open(kindOf(name), payer, waiting, seat)
    try {
      pending.onStop(
        op,
        serviceFor(name)({ op, input, payer, waiting }, (ok, body) => settle(op, ok, body)),
      )
    } catch (error) {
      pending.cancel(op)
      throw error
    }
    if (name !== 'timer' && name !== 'subtle') for (const login of waiting) services.leaveTheHouse(login)
    return op
  }

  /** What the worker has to do for itself is no work of the rule that is running. */
  function offTheBooks(work: () => void): void {
    const [paying] = inside()
    paying?.books.leave()
    work()
    paying?.books.enter()
  }

  function serviceFor(name: string): Service {
    if (name === 'timer' || name === 'fetch' || name === 'subtle') return services[name]
    return isOfSockets(name) ? services.socket(name) : services.parent(name)
  }

  /** Clients send in a later turn: what a last rule has told to go, and does not wait for, comes when its login is over. */
  function isLeaving(login: Login | undefined): login is Login {
    return login?.books.endedWell === true && inside().includes(login)
  }

  const calls: Readonly<Record<string, (seat: Seat, a: string | number, b: string, c?: string) => Answer>> = {
    report: ({ holder }, _, report) => holder?.books.reportRule(report) ?? undefined,
    finish({ holder }, after, result, report = '') {
      if (report !== '') holder?.books.reportRule(report)
      holder?.books.finish(String(after), result === '' ? wentWell : (JSON.parse(result) as GuestResult))
      return undefined
    },
    log({ holder }, level, line) {
      const login = isUnderWay(holder) ? holder : inside().find(isUnderWay)
      login?.books.log(String(level), line)
      return undefined
    },
    op: (seat, name, input) => begin(seat, String(name), input),
    cancel: (_, op) => pending.cancel(Number(op)) ?? undefined,
    ask({ holder }, name, input) {
      const login = isUnderWay(holder) ? holder : inside().find(isUnderWay)
      // An entry's timeout does not run while the host works, so the host looks itself.
      if (login?.books.isSpent() === true) throw new FetchRefusal('LIMIT_EXCEEDED', 'the rule has used up its CPU')
      if (isOfSockets(String(name))) {
        return services.socketNow(String(name), input, [holder, ...inside()].filter(isUnderWay))
      }
      if (name !== 'stub' || login === undefined || askTest === undefined) return ask(String(name), input, login)
      services.leaveTheHouse(login)
      // What the test does meanwhile is not the rule's doing.
      login.books.leave()
      const answer = askTest(login, input)
      login.books.enter()
      return answer
    },
  }

  return (seat) => (call, a, b, c) => {
    const { holder } = seat
    const wasUnderWay = isUnderWay(holder)
    try {
      if (!wasUnderWay && isLeaving(holder) && call === 'op' && a === 'fetch') {
        return beginFor(holder, new Set([holder]), { seat, name: a, input: b })
      }
      if (!wasUnderWay && !inside().some(isUnderWay)) return refusal(new Error('the login is over'))
      return calls[call]?.(seat, a, b, c)
    } catch (error) {
      return refusal(error)
    } finally {
      if (wasUnderWay && holder.books.ended && holder !== inside()[0]) onEnd(holder)
    }
  }
}

/** How a login ends as a rule. */
const wentWell: GuestResult = { status: 'ok', changesTell: true }

function kindOf(name: string): 'timer' | 'call' | 'socket' {
  if (name === 'timer') return name
  return isOfSockets(name) ? 'socket' : 'call'
}

function isOfSockets(name: string): boolean {
  return name.startsWith('socket.')
}

function isUnderWay(login: Login | undefined): login is Login {
  return login !== undefined && !login.books.ended
}

/** An error as text, since nothing may be thrown into an isolate: the guest makes one of its own from it. */
export function refusal(error: unknown): string {
  const { name, code, message } = error as { name?: string; code?: string; message: string }
  return `!${JSON.stringify({ ...(name === 'TypeError' ? { name } : {}), ...(code === undefined ? {} : { code }), message })}`
}
