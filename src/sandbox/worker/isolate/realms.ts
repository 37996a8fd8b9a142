import type { SandboxLimits } from '../../wire/limits.ts'
import type { Program } from '../../wire/protocol.ts'
import { ask } from '../calls/ask.ts'
import { createCoverageReports } from '../coverage/coverage-reports.ts'
import { type Debugging, startDebugging } from '../inspect/debugging.ts'
import { type SeatDoor, refusal } from '../calls/door.ts'
import { type Entered, type HostDoor, type RulesetIsolate, createRulesetIsolate } from './isolate.ts'
import type { Login, Seat } from '../run/login.ts'

/** The realms of one ruleset: made when needed, kept where they can be cleaned, all gone when their isolate is. */
export interface Realms {
  /** Whether one more login may have a realm now. */
  readonly hasRoom: boolean
  /** A realm for one login. Throws a SyntaxError where V8 refuses a rule, and other errors where memory is short. */
  acquire(login: Login): Seat
  /** Begins a login in the realm that it has; undefined where it has none. */
  start(login: Login, timeoutMs: number): Entered<'started' | 'dirty'> | undefined
  /** What the rules keep on `global` leads to a realm that is gone. */
  loseGlobal(): void
  /** Takes a realm back; a spoiled one is not used again. */
  release(seat: Seat, spoiled: boolean): void
  /** Throws the isolate away with all its realms; the next login gets another. */
  discard(): void
  /** Tells what the rules have run, of isolates thrown away as well; undefined where nobody wants to know. */
  readonly reportCoverage: (() => Promise<void>) | undefined
  /** Takes what a debugger says; it may come before there is a login. */
  readonly debug: ((message: string | undefined) => void) | undefined
}

export interface RealmsOptions {
  readonly limits: SandboxLimits
  readonly door: SeatDoor
  readonly onStarted: () => void
  /** Absent where nobody wants to know what the rules run. */
  readonly onCoverage: ((counts: string) => void) | undefined
  /** Absent where no debugger is expected. */
  readonly debugger: { readonly post: (message: string) => void; readonly onReady: () => void } | undefined
}

/** Fresh contexts made before the event loop must turn: V8 frees old ones only in between. */
const freshPerTurn = 8

/** Before there is a login, the modules of a realm may ask for answers, and cannot have work done. */
function whileStarting(limits: SandboxLimits, call: string, name: string | number, input: string): string | undefined {
  if (call !== 'ask') return refusal(new Error('a module cannot call out or set timers while it starts'))
  try {
    return ask(String(name), input, limits)
  } catch (error) {
    return refusal(error)
  }
}

export function createRealms(program: Program, options: RealmsOptions): Realms {
  const { limits, door, onStarted, onCoverage, debugger: client } = options
  const coverage = onCoverage === undefined ? undefined : createCoverageReports(onCoverage)
  let isolate: RulesetIsolate | undefined
  let free: Seat[] = []
  let held = new Set<Seat>()
  let madeThisTurn = 0
  let debugging: Debugging | undefined
  let ready = client === undefined
  /** The next login finds nothing but data on `global`. */
  let globalIsLost = false

  function make(): Seat {
    isolate ??= createRulesetIsolate(program, limits, {
      coverage: coverage !== undefined,
      inspect: client !== undefined,
    })
    if (program.realm === 'fresh' && madeThisTurn++ === 0) {
      setImmediate(() => {
        madeThisTurn = 0
      })
    }
    let open: HostDoor | undefined
    const realm = isolate.createRealm((call, a, b, c) =>
      open === undefined ? whileStarting(limits, call, a, b) : open(call, a, b, c),
    )
    // Of fresh ones there are few before the event loop turns, and pings are answered.
    if (program.realm === 'hardened') onStarted()
    const seat: Seat = { realm, holder: undefined, stale: [], gone: false, connects: false }
    open = door(seat)
    return seat
  }

  /** A realm starts its modules on this thread, which no debugger may hold up: so the first one is there before him. */
  function startWithDebugger({ post, onReady }: NonNullable<typeof client>): Debugging {
    free.push(make())
    return startDebugging({
      openSession: () => isolate!.openSession(),
      rules: program.rules.slice(0, 1),
      post,
      onReady() {
        ready = true
        onReady()
      },
    })
  }

  return {
    get hasRoom() {
      return ready && held.size < limits.maxRealms && madeThisTurn < freshPerTurn
    },
    acquire(login) {
      const seat = login.seeded === undefined ? (free.pop() ?? make()) : make()
      seat.holder = login
      held.add(seat)
      return seat
    },
    start(login, timeoutMs) {
      const { seat, input, facts, flow } = login
      if (seat === undefined) return undefined
      const { stale } = seat
      seat.stale = []
      const conditions = globalIsLost ? { ...login.conditions, keepsData: true } : login.conditions
      const begun = seat.realm.start({ login: input, facts, flow, conditions, stale }, timeoutMs)
      if (begun !== 'dirty') globalIsLost = false
      return begun
    },
    loseGlobal() {
      globalIsLost = true
    },
    release(seat, spoiled) {
      const isUsedUp = program.realm === 'fresh' || client !== undefined || seat.holder?.seeded !== undefined
      seat.holder = undefined
      // A realm of an isolate that is gone is nobody's any more.
      if (!held.delete(seat)) return
      seat.gone = spoiled || isUsedUp
      if (!seat.gone) {
        free.push(seat)
        return
      }
      if (seat.connects) globalIsLost = true
      seat.realm.dispose()
    },
    discard() {
      debugging?.stop()
      for (const seat of [...held, ...free]) seat.gone = true
      const gone = isolate
      if (coverage === undefined) gone?.dispose()
      else void coverage.report(gone).then(() => gone?.dispose())
      isolate = undefined
      free = []
      held = new Set()
    },
    reportCoverage: coverage && (() => coverage.report(isolate)),
    debug:
      client &&
      ((message) => {
        debugging ??= startWithDebugger(client)
        debugging.take(message)
      }),
  }
}
