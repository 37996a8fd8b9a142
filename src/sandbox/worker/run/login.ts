import type { Conditions, RealmConditions } from '../../wire/conditions.ts'
import type { Flow } from '../../wire/flow.ts'
import type { Program } from '../../wire/protocol.ts'
import type { SandboxLimits } from '../../wire/limits.ts'
import { type Books, createBooks } from './books.ts'
import type { WorkerClock } from './clock.ts'
import { type SeededAnswers, createSeededAnswers, seedWords } from '../crypto/seeded.ts'
import type { WorkerRealm } from '../isolate/isolate.ts'

/** One of an isolate's realms, and who has it. */
export interface Seat {
  readonly realm: WorkerRealm
  /** The login that has the realm; no other login gets it meanwhile. */
  holder: Login | undefined
  /** Ops that were begun in this realm and will never be answered: it may forget them. */
  stale: number[]
  /** The realm will not be used again. */
  gone: boolean
  /** Its code has opened connections, and may keep what uses them on `global`. */
  connects: boolean
}

/** One login under way in this worker. */
export interface Login {
  readonly id: number
  /** `encode({ user, context })`, and the JSON of the tenant's facts. */
  readonly input: string
  readonly facts: string
  readonly flow: Flow | undefined
  readonly conditions: RealmConditions | undefined
  /** Where its randomness follows from a seed; it gets a realm then that no other login has been in. */
  readonly seeded: SeededAnswers | undefined
  /** The time of all its rules. */
  readonly wallMs: number
  /** How often it ran before, in a worker or an isolate that was lost. */
  readonly losses: number
  readonly books: Books
  /** Held from the first entry to the end. */
  seat: Seat | undefined
  readonly opsUnderWay: Record<'timer' | 'call', number>
  /** Fires when the rule at work, or the login, has had its time. */
  alarm: NodeJS.Timeout | undefined
  /** How many rules were over when one was last told to end. */
  abandonedRule: number | undefined
  requests: number
  requestsUnderWay: number
  /** How many messages it has sent that the parent was told of. */
  exchanges: number
  responseBytes: number
  /** The parent knows that this login cannot be run a second time. */
  outside: boolean
}

export interface LoginInput {
  readonly id: number
  readonly login: string
  readonly facts: string
  readonly flow: Flow | undefined
  readonly conditions?: Conditions
  readonly wallMs: number
  readonly losses: number
}

export function createLogin(run: LoginInput, program: Program, limits: SandboxLimits, clock: WorkerClock): Login {
  return {
    id: run.id,
    input: run.login,
    facts: run.facts,
    flow: run.flow,
    conditions: run.conditions && realmConditions(run.conditions),
    seeded: run.conditions?.seed === undefined ? undefined : createSeededAnswers(run.conditions.seed),
    wallMs: run.wallMs,
    losses: run.losses,
    books: createBooks(run, program, limits, clock),
    seat: undefined,
    opsUnderWay: { timer: 0, call: 0 },
    alarm: undefined,
    abandonedRule: undefined,
    requests: 0,
    requestsUnderWay: 0,
    exchanges: 0,
    responseBytes: 0,
    outside: false,
  }
}

function realmConditions({ seed, ...rest }: Conditions): RealmConditions {
  return seed === undefined ? rest : { ...rest, words: seedWords(seed) }
}
