import type { RunOverrides, RealmOverrides } from '../../wire/run-overrides.ts'
import type { RunInput } from '../../wire/run-input.ts'
import type { Program, RunMessage } from '../../wire/protocol.ts'
import type { SandboxLimits } from '../../wire/limits.ts'
import { type RunBudget, createRunBudget } from './run-budget.ts'
import type { WorkerClock } from './clock.ts'
import { type SeededCrypto, createSeededCrypto, deriveSeedWords } from '../crypto/seeded-crypto.ts'
import type { WorkerRealm } from '../isolate/isolate.ts'

/** One of an isolate's realms, and who has it. */
export interface RealmLease {
  readonly realm: WorkerRealm
  /** The login that has the realm; no other login gets it meanwhile. */
  run: Run | undefined
  /** Ops that were begun in this realm and will never be answered: it may forget them. */
  abandonedOps: number[]
  /** The realm will not be used again. */
  isDisposed: boolean
  /** Its code has opened connections, and may keep what uses them on `global`. */
  hasOpenedConnections: boolean
}

/** One login under way in this worker. */
export interface Run {
  readonly id: number
  readonly input: RunInput
  readonly overrides: RealmOverrides | undefined
  /** Where its randomness follows from a seed; it gets a realm then that no other login has been in. */
  readonly seededCrypto: SeededCrypto | undefined
  /** How often it ran before, in a worker or an isolate that was lost. */
  readonly attempts: number
  readonly budget: RunBudget
  /** Held from the first entry to the end. */
  lease: RealmLease | undefined
  readonly openOps: Record<'timer' | 'call', number>
  /** Fires when the rule at work, or the login, has had its time. */
  deadlineTimer: NodeJS.Timeout | undefined
  /** How many rules were over when one was last told to end. */
  abandonedRuleIndex: number | undefined
  requestCount: number
  openRequests: number
  /** How many messages it has sent that the parent was told of. */
  exchangeCount: number
  responseBytes: number
  /** The parent knows that this login cannot be run a second time. */
  hasSideEffects: boolean
}

/** What the host sends of a run. */
export type RunParams = Pick<RunMessage, 'id' | 'attempts' | 'input'>

export function createRun(
  { id, attempts, input }: RunParams,
  program: Program,
  limits: SandboxLimits,
  clock: WorkerClock,
): Run {
  return {
    id,
    input,
    overrides: input.overrides && toRealmOverrides(input.overrides),
    seededCrypto: input.overrides?.seed === undefined ? undefined : createSeededCrypto(input.overrides.seed),
    attempts,
    budget: createRunBudget({ id, attempts, input }, program, limits, clock),
    lease: undefined,
    openOps: { timer: 0, call: 0 },
    deadlineTimer: undefined,
    abandonedRuleIndex: undefined,
    requestCount: 0,
    openRequests: 0,
    exchangeCount: 0,
    responseBytes: 0,
    hasSideEffects: false,
  }
}

function toRealmOverrides({ seed, ...rest }: RunOverrides): RealmOverrides {
  return seed === undefined ? rest : { ...rest, seedWords: deriveSeedWords(seed) }
}
