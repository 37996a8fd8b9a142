import type { SandboxLimits } from '../../wire/limits.ts'
import type { Program } from '../../wire/protocol.ts'
import { ask } from '../calls/ask.ts'
import { createCoverageReporter } from '../coverage/coverage-reporter.ts'
import { type DebugSession, startDebugSession } from '../inspect/debug-session.ts'
import { type HostBridge, encodeError } from '../calls/host-bridge.ts'
import { type EntryResult, type HostBridgeCallback, type RulesetIsolate, createRulesetIsolate } from './isolate.ts'
import type { Run, RealmLease } from '../run/run.ts'

/** The realms of one ruleset: made when needed, kept where they can be cleaned, all gone when their isolate is. */
export interface RealmPool {
  /** Whether one more login may have a realm now. */
  readonly hasCapacity: boolean
  /** A realm for one login. Throws a SyntaxError where V8 refuses a rule, and other errors where memory is short. */
  acquire(run: Run): RealmLease
  /** Begins a login in the realm that it has; undefined where it has none. */
  start(run: Run, timeoutMs: number): EntryResult<'started' | 'dirty'> | undefined
  /** What the rules keep on `global` leads to a realm that is gone. */
  resetGlobal(): void
  /** Takes a realm back; a spoiled one is not used again. */
  release(lease: RealmLease, isSpoiled: boolean): void
  /** Throws the isolate away with all its realms; the next login gets another. */
  discard(): void
  /** Tells what the rules have run, of isolates thrown away as well; undefined where nobody wants to know. */
  readonly reportCoverage: (() => Promise<void>) | undefined
  /** Takes what a debugger says; it may come before there is a login. */
  readonly debug: ((message: string | undefined) => void) | undefined
}

export interface RealmPoolOptions {
  readonly limits: SandboxLimits
  readonly bridge: HostBridge
  readonly onStarted: () => void
  /** Absent where nobody wants to know what the rules run. */
  readonly onCoverage: ((counts: string) => void) | undefined
  /** Absent where no debugger is expected. */
  readonly debugger: { readonly post: (message: string) => void; readonly onReady: () => void } | undefined
}

/** Fresh contexts made before the event loop must turn: V8 frees old ones only in between. */
const maxFreshPerTurn = 8

/** Before there is a login, the modules of a realm may ask for answers, and cannot have work done. */
function callWhileStarting(
  limits: SandboxLimits,
  call: string,
  name: string | number,
  input: string,
): string | undefined {
  if (call !== 'ask') return encodeError(new Error('a module cannot call out or set timers while it starts'))
  try {
    return ask(String(name), input, limits)
  } catch (error) {
    return encodeError(error)
  }
}

export function createRealmPool(program: Program, options: RealmPoolOptions): RealmPool {
  const { limits, bridge, onStarted, onCoverage, debugger: debuggerOptions } = options
  const coverageReporter = onCoverage === undefined ? undefined : createCoverageReporter(onCoverage)
  let isolate: RulesetIsolate | undefined
  let freeLeases: RealmLease[] = []
  let leased = new Set<RealmLease>()
  let createdThisTurn = 0
  let debugSession: DebugSession | undefined
  let isReady = debuggerOptions === undefined
  /** The next login finds nothing but data on `global`. */
  let isGlobalReset = false

  function createLease(): RealmLease {
    isolate ??= createRulesetIsolate(program, limits, {
      hasCoverage: coverageReporter !== undefined,
      hasInspector: debuggerOptions !== undefined,
    })
    if (program.realm === 'fresh' && createdThisTurn++ === 0) {
      setImmediate(() => {
        createdThisTurn = 0
      })
    }
    let callHost: HostBridgeCallback | undefined
    const realm = isolate.createRealm((call, a, b, c) =>
      callHost === undefined ? callWhileStarting(limits, call, a, b) : callHost(call, a, b, c),
    )
    // Of fresh ones there are few before the event loop turns, and pings are answered.
    if (program.realm === 'hardened') onStarted()
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

  /** A realm starts its modules on this thread, which no debugger may hold up: so the first one is there before him. */
  function startWithDebugger({ post, onReady }: NonNullable<typeof debuggerOptions>): DebugSession {
    freeLeases.push(createLease())
    return startDebugSession({
      openInspectorSession: () => isolate!.openInspectorSession(),
      rules: program.rules.slice(0, 1),
      post,
      onReady() {
        isReady = true
        onReady()
      },
    })
  }

  return {
    get hasCapacity() {
      return isReady && leased.size < limits.maxRealms && createdThisTurn < maxFreshPerTurn
    },
    acquire(run) {
      const lease = run.seededCrypto === undefined ? (freeLeases.pop() ?? createLease()) : createLease()
      lease.run = run
      leased.add(lease)
      return lease
    },
    start(run, timeoutMs) {
      const { lease, input } = run
      if (lease === undefined) return undefined
      const { abandonedOps } = lease
      lease.abandonedOps = []
      const overrides = isGlobalReset ? { ...run.overrides, isDataOnly: true } : run.overrides
      const startResult = lease.realm.start({ input, overrides, abandonedOps }, timeoutMs)
      if (startResult !== 'dirty') isGlobalReset = false
      return startResult
    },
    resetGlobal() {
      isGlobalReset = true
    },
    release(lease, isSpoiled) {
      const isSingleUse =
        program.realm === 'fresh' || debuggerOptions !== undefined || lease.run?.seededCrypto !== undefined
      lease.run = undefined
      // A realm of an isolate that is gone is nobody's any more.
      if (!leased.delete(lease)) return
      lease.isDisposed = isSpoiled || isSingleUse
      if (!lease.isDisposed) {
        freeLeases.push(lease)
        return
      }
      if (lease.hasOpenedConnections) isGlobalReset = true
      lease.realm.dispose()
    },
    discard() {
      debugSession?.stop()
      for (const lease of [...leased, ...freeLeases]) lease.isDisposed = true
      const oldIsolate = isolate
      if (coverageReporter === undefined) oldIsolate?.dispose()
      else void coverageReporter.report(oldIsolate).then(() => oldIsolate?.dispose())
      isolate = undefined
      freeLeases = []
      leased = new Set()
    },
    reportCoverage: coverageReporter && (() => coverageReporter.report(isolate)),
    debug:
      debuggerOptions &&
      ((message) => {
        debugSession ??= startWithDebugger(debuggerOptions)
        debugSession.receive(message)
      }),
  }
}
