import ivm from 'isolated-vm'
import type { Program } from '../../wire/protocol.ts'
import type { SandboxLimits } from '../../wire/limits.ts'
import { type AskContext, ask } from '../calls/ask.ts'
import { createStartAdmission } from '../calls/assert-affordable.ts'
import { type HostBridge, encodeError } from '../calls/host-bridge.ts'
import type { CoverageReporter } from '../coverage/coverage-reporter.ts'
import type { RealmLease } from '../run/run.ts'
import { type HostBridgeCallback, type RulesetIsolate, type ContextSnapshot, createRulesetIsolate } from './isolate.ts'

export interface RealmFactoryOptions {
  readonly limits: SandboxLimits
  readonly bridge: HostBridge
  readonly onStarted: () => void
  readonly coverageReporter: CoverageReporter | undefined
  readonly hasDebugger: boolean
}

/** Fresh contexts made before the event loop must turn: V8 frees old ones only in between. */
const maxFreshPerTurn = 8

/** Makes the realms of one ruleset, and the isolate that they share. */
export class RealmFactory {
  readonly #program: Program
  readonly #options: RealmFactoryOptions
  #isolate: RulesetIsolate | undefined
  /** Isolates are made from it; undefined if there is none, or not yet. */
  #snapshot: ContextSnapshot | undefined
  /** Whether the snapshot came after the isolate. */
  #isSnapshotNewer = false
  /** Counts fresh contexts only. */
  #createdThisTurn = 0

  constructor(program: Program, options: RealmFactoryOptions) {
    this.#program = program
    this.#options = options
  }

  /** Whether a realm may be made before the event loop turns. */
  get hasCapacity(): boolean {
    return this.#createdThisTurn < maxFreshPerTurn
  }

  /** Throws a SyntaxError if V8 rejects a rule, and other errors if memory is short. */
  createLease(): RealmLease {
    const { limits, bridge, onStarted } = this.#options
    const isolate = this.#getIsolate()
    if (this.#program.realm === 'fresh') this.#countFresh()
    let callHost: HostBridgeCallback | undefined
    const startContext: AskContext = { limits, admit: createStartAdmission(limits) }
    const realm = isolate.createRealm((call, a, b, c) =>
      callHost === undefined ? callWhileStarting(startContext, call, a, b) : callHost(call, a, b, c),
    )
    // Only few fresh realms are made in one turn of the event loop. After it, pings are answered.
    if (this.#program.realm === 'hardened') onStarted()
    const lease: RealmLease = {
      realm,
      run: undefined,
      abandonedOps: [],
      isDisposed: false,
      hasOpenedConnections: false,
    }
    callHost = bridge(lease)
    return lease
  }

  /** The part of its heap limit that the isolate uses; 0 without an isolate. */
  readHeapUse(): number {
    return this.#isolate?.readHeapUse() ?? 0
  }

  /** Makes later isolates from a snapshot, in which the modules are started. */
  useSnapshot(bytes: Uint8Array<ArrayBuffer>): void {
    this.#snapshot = new ivm.ExternalCopy(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
    this.#isSnapshotNewer = this.#isolate !== undefined
  }

  /** Replaces an isolate that has no realm by one from the snapshot, unless rules keep something on its `global`. */
  adoptSnapshot(): void {
    if (!this.#isSnapshotNewer) return
    this.#isSnapshotNewer = false
    if (this.#isolate?.hasEmptyGlobal() === true) this.discardIsolate()
  }

  openInspectorSession(): ivm.InspectorSession {
    return this.#getIsolate().openInspectorSession()
  }

  /** Throws the isolate away, after its coverage was reported. The next realm gets another one. */
  discardIsolate(): void {
    const isolate = this.#isolate
    this.#isolate = undefined
    this.#isSnapshotNewer = false
    const { coverageReporter } = this.#options
    if (coverageReporter === undefined) isolate?.dispose()
    else void coverageReporter.report(isolate).then(() => isolate?.dispose())
  }

  async reportCoverage(): Promise<void> {
    await this.#options.coverageReporter?.report(this.#isolate)
  }

  #getIsolate(): RulesetIsolate {
    const { limits, coverageReporter, hasDebugger } = this.#options
    const instrumentation = { hasCoverage: coverageReporter !== undefined, hasInspector: hasDebugger }
    this.#isolate ??= createRulesetIsolate(this.#program, limits, instrumentation, this.#snapshot)
    return this.#isolate
  }

  #countFresh(): void {
    if (this.#createdThisTurn++ > 0) return
    setImmediate(() => {
      this.#createdThisTurn = 0
    })
  }
}

/** Modules of a realm that starts belong to no run: they can ask for values, but not start work. */
function callWhileStarting(
  context: AskContext,
  call: string,
  name: string | number,
  input: string,
): string | undefined {
  if (call !== 'ask') return encodeError(new Error('a module cannot call out or set timers while it starts'))
  try {
    return ask(String(name), input, context)
  } catch (error) {
    return encodeError(error)
  }
}
