import type { SandboxLimits } from '../limits.ts'
import type { Program } from '../protocol.ts'
import { ask } from './ask.ts'
import { type SeatDoor, refusal } from './door.ts'
import { type RulesetIsolate, createRulesetIsolate } from './isolate.ts'
import type { Login, Seat } from './login.ts'

/** The realms of one ruleset: made when needed, kept where they can be cleaned, all gone when their isolate is. */
export interface Realms {
  /** Whether one more login may have a realm now. */
  readonly hasRoom: boolean
  /** A realm for one login. Throws a SyntaxError where V8 refuses a rule, and other errors where memory is short. */
  acquire(login: Login): Seat
  /** Takes a realm back; a spoiled one is not used again. */
  release(seat: Seat, spoiled: boolean): void
  /** Throws the isolate away with all its realms; the next login gets another. */
  discard(): void
}

/** Fresh contexts made before the event loop must turn: V8 frees old ones only in between. */
const freshPerTurn = 8

/** Before there is a login, the modules of a realm may ask for answers, and cannot have work done. */
function whileStarting(limits: SandboxLimits, call: string, a: string | number, b: string): string | undefined {
  if (call !== 'ask') return refusal(new Error('a module cannot call out or set timers while it starts'))
  try {
    return ask(String(a), b, limits)
  } catch (error) {
    return refusal(error)
  }
}

export function createRealms(program: Program, limits: SandboxLimits, door: SeatDoor, onStarted: () => void): Realms {
  let isolate: RulesetIsolate | undefined
  let free: Seat[] = []
  let held = new Set<Seat>()
  let madeThisTurn = 0

  function make(): Seat {
    isolate ??= createRulesetIsolate(program, limits)
    if (program.realm === 'fresh' && madeThisTurn++ === 0) {
      setImmediate(() => {
        madeThisTurn = 0
      })
    }
    let seat: Seat | undefined
    const realm = isolate.createRealm((call, a, b) =>
      seat === undefined ? whileStarting(limits, call, a, b) : door(seat, call, a, b),
    )
    // Of fresh ones there are few before the event loop turns, and pings are answered.
    if (program.realm === 'hardened') onStarted()
    seat = { realm, holder: undefined, stale: [], gone: false }
    return seat
  }

  return {
    get hasRoom() {
      return held.size < limits.maxRealms && madeThisTurn < freshPerTurn
    },
    acquire(login) {
      const seat = login.seeded === undefined ? (free.pop() ?? make()) : make()
      seat.holder = login
      held.add(seat)
      return seat
    },
    release(seat, spoiled) {
      const isUsedUp = program.realm === 'fresh' || seat.holder?.seeded !== undefined
      seat.holder = undefined
      // A realm of an isolate that is gone is nobody's any more.
      if (!held.delete(seat)) return
      seat.gone = spoiled || isUsedUp
      if (seat.gone) seat.realm.dispose()
      else free.push(seat)
    },
    discard() {
      for (const seat of [...held, ...free]) seat.gone = true
      isolate?.dispose()
      isolate = undefined
      free = []
      held = new Set()
    },
  }
}
