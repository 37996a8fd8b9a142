import type { SandboxLimits } from '../../wire/limits.ts'
import type { Program } from '../../wire/protocol.ts'
import type { HostBridge } from '../calls/host-bridge.ts'
import { createCoverageReporter } from '../coverage/coverage-reporter.ts'
import { DebugSession } from '../inspect/debug-session.ts'
import type { RealmLease, Run } from '../run/run.ts'
import type { WorkerClock } from '../run/clock.ts'
import type { EntryResult } from './worker-realm.ts'
import { RealmFactory } from './realm-factory.ts'
import { RetiredRealmPool } from './retired-realm-pool.ts'

export interface RealmPoolOptions {
  readonly limits: SandboxLimits
  readonly bridge: HostBridge
  readonly clock: WorkerClock
  readonly onStarted: () => void
  /** Absent if coverage is off. */
  readonly onCoverage: ((counts: string) => void) | undefined
  /** Absent if no debugger is expected. */
  readonly debugger: DebuggerOptions | undefined
}

interface DebuggerOptions {
  readonly post: (message: string) => void
  readonly onReady: () => void
}

/** The realms of one ruleset. A realm is reused if it can be cleaned. All realms end with their isolate. */
export class RealmPool {
  readonly #program: Program
  readonly #limits: SandboxLimits
  readonly #factory: RealmFactory
  #freeLeases: RealmLease[] = []
  #leased = new Set<RealmLease>()
  readonly #retiredRealms: RetiredRealmPool
  /** The next run finds only data on `global`: its other values belong to a realm that is disposed. */
  #isGlobalReset = false
  /** False until a debugger is connected, if one is expected. Runs wait until it is true. */
  #isReady: boolean
  #debugSession: DebugSession | undefined
  /** Reports what the rules have run, in discarded isolates too; undefined if coverage is off. */
  readonly reportCoverage: (() => Promise<void>) | undefined
  /** Takes a debugger's message, also before the first run; undefined if no debugger is expected. */
  readonly debug: ((message: string | undefined) => void) | undefined

  constructor(program: Program, options: RealmPoolOptions) {
    const { limits, bridge, clock, onStarted, onCoverage, debugger: debuggerOptions } = options
    this.#program = program
    this.#limits = limits
    const hasDebugger = debuggerOptions !== undefined
    this.#isReady = !hasDebugger
    const coverageReporter = onCoverage && createCoverageReporter(onCoverage)
    this.#factory = new RealmFactory(program, { limits, bridge, onStarted, coverageReporter, hasDebugger })
    this.reportCoverage = coverageReporter && (() => this.#factory.reportCoverage())
    this.#retiredRealms = new RetiredRealmPool({ limits, clock, readHeapUse: () => this.#factory.readHeapUse() })
    this.debug = debuggerOptions && ((message) => this.#debug(message, debuggerOptions))
  }

  /** Whether one more run may have a realm now. */
  get hasCapacity(): boolean {
    return this.#isReady && this.#leased.size < this.#limits.maxRealms && this.#factory.hasCapacity
  }

  /** Leases a realm to a run. Throws a SyntaxError if V8 rejects a rule, and other errors if memory is short. */
  acquire(run: Run): RealmLease {
    if (this.#leased.size === 0) this.#factory.adoptSnapshot()
    const freeLease = run.seededCrypto === undefined ? this.#freeLeases.pop() : undefined
    const lease = freeLease ?? this.#factory.createLease()
    lease.run = run
    this.#leased.add(lease)
    for (const warning of this.#retiredRealms.takeWarnings()) run.log('warn', warning)
    return lease
  }

  /** Makes later isolates from a snapshot of a context whose modules are started. */
  useSnapshot(bytes: Uint8Array<ArrayBuffer>): void {
    this.#factory.useSnapshot(bytes)
  }

  /** Starts the run's rules in its realm. */
  start(run: Run, lease: RealmLease, timeoutMs: number): EntryResult<'started' | 'dirty'> {
    const { abandonedOps } = lease
    lease.abandonedOps = []
    const overrides = this.#isGlobalReset ? { ...run.overrides, isDataOnly: true } : run.overrides
    const startResult = lease.realm.start({ input: run.input, overrides, abandonedOps }, timeoutMs)
    if (startResult !== 'dirty') this.#isGlobalReset = false
    return startResult
  }

  /** Lets the next run find only data on `global`. */
  resetGlobal(): void {
    this.#isGlobalReset = true
  }

  /** Takes a realm back. A spoiled one is not used again. Returns false if the isolate cannot be used any more. */
  release(lease: RealmLease, isSpoiled: boolean): boolean {
    const isSingleUse =
      this.#program.realm === 'fresh' || this.debug !== undefined || lease.run?.seededCrypto !== undefined
    lease.run = undefined
    // The realm's isolate was discarded meanwhile.
    if (!this.#leased.delete(lease)) return true
    if (!isSpoiled && !isSingleUse) {
      this.#freeLeases.push(lease)
      return true
    }
    // A login that has failed may have left its clients in the middle of an exchange.
    if (isSpoiled && lease.hasOpenedConnections) this.resetGlobal()
    if (this.debug === undefined) return this.#retiredRealms.add(lease)
    lease.isDisposed = true
    lease.realm.dispose()
    return true
  }

  /** Throws the isolate away with all its realms. The next run gets another one. */
  discard(): void {
    this.#debugSession?.stop()
    for (const lease of this.#leased) lease.isDisposed = true
    for (const lease of this.#freeLeases) lease.isDisposed = true
    this.#retiredRealms.discard()
    this.#leased = new Set()
    this.#freeLeases = []
    this.#factory.discardIsolate()
  }

  #debug(message: string | undefined, options: DebuggerOptions): void {
    this.#debugSession ??= this.#startDebugSession(options)
    this.#debugSession.receive(message)
  }

  /** Modules start on this thread, which no debugger may hold up: so the first realm is made before the debugger enters. */
  #startDebugSession({ post, onReady }: DebuggerOptions): DebugSession {
    this.#freeLeases.push(this.#factory.createLease())
    return new DebugSession({
      openInspectorSession: () => this.#factory.openInspectorSession(),
      rules: this.#program.rules.slice(0, 1),
      post,
      onReady: () => {
        this.#isReady = true
        onReady()
      },
    })
  }
}
