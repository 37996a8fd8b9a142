import type { RunOverrides, RealmOverrides } from '../../wire/run-overrides.ts'
import type { ResumePoint } from '../../wire/resume-point.ts'
import type { Program } from '../../wire/protocol.ts'
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
  /** `encode({ user, context })`, and the JSON of the tenant's facts. */
  readonly input: string
  readonly tenant: string
  readonly resumePoint: ResumePoint | undefined
  readonly overrides: RealmOverrides | undefined
  /** Where its randomness follows from a seed; it gets a realm then that no other login has been in. */
  readonly seededCrypto: SeededCrypto | undefined
  /** The time of all its rules. */
  readonly wallMs: number
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

export interface RunParams {
  readonly id: number
  readonly login: string
  readonly tenant: string
  readonly resumePoint: ResumePoint | undefined
  readonly overrides?: RunOverrides
  readonly wallMs: number
  readonly attempts: number
}

export function createRun(params: RunParams, program: Program, limits: SandboxLimits, clock: WorkerClock): Run {
  return {
    id: params.id,
    input: params.login,
    tenant: params.tenant,
    resumePoint: params.resumePoint,
    overrides: params.overrides && toRealmOverrides(params.overrides),
    seededCrypto: params.overrides?.seed === undefined ? undefined : createSeededCrypto(params.overrides.seed),
    wallMs: params.wallMs,
    attempts: params.attempts,
    budget: createRunBudget(params, program, limits, clock),
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
