import { readCounts } from '../wire/message-checks.ts'
import type { FromWorker, Program } from '../wire/protocol.ts'
import { AssignedRuns } from './assigned-runs.ts'
import {
  type HealthOptions,
  checkReady,
  checkStart,
  createReadyHeartbeat,
  createStartHeartbeat,
} from './check-health.ts'
import type { QueuedRun } from './queued-run.ts'
import { type SupervisedEvents, type SupervisedOptions, toWorkerOptions } from './supervised-options.ts'
import {
  type ExitReason,
  type KilledState,
  type ReadyState,
  type StartingState,
  type WorkerState,
  hasEnded,
  toExitReason,
} from './worker-state.ts'
import { lowerPriority } from './worker-priority.ts'
import { type StartProcess, type WorkerExit, type WorkerProcess, startWorkerProcess } from './worker-process.ts'

/** A ping may stay unanswered this long before new runs go to other workers. */
const maxPingDelayMs = 60
/** If no run of a worker has ended for this time, they wait for services. */
const minWaitingMs = 100
/** A worker that has used so much CPU without a sign of life is stuck in one rule, and may have to be killed. */
const maxQuickCpuMs = 100

/** One worker process with its runs. It is watched from outside, because a process that executes rules may not answer. */
export class SupervisedWorker {
  readonly #options: SupervisedOptions
  readonly #events: SupervisedEvents
  readonly #process: WorkerProcess
  readonly #runs: AssignedRuns
  readonly #health: HealthOptions
  #state: WorkerState
  /** When it last got its first run, or a run of it ended. */
  #lastChangeMs = 0
  #lastMessageMs = 0
  #isStuck = false

  constructor(options: SupervisedOptions, events: SupervisedEvents, startProcess: StartProcess = startWorkerProcess) {
    this.#options = options
    this.#events = events
    this.#process = startProcess(
      toWorkerOptions(options),
      {
        onMessage: (message) => this.#receive(message),
        onViolation: () => this.kill('violation'),
        onExit: (exit) => this.#onExit(exit),
      },
      options.launch,
    )
    this.#process.setReferenced(false)
    if (options.isQuarantine === true) lowerPriority(this.#process.pid, 'low')
    this.#runs = new AssignedRuns(this.#process, options)
    this.#health = { process: this.#process, runs: this.#runs, limits: options.limits }
    const heartbeat = createStartHeartbeat(this.#process.pid)
    heartbeat.ping(options.nowMs())
    this.#state = { name: 'starting', heartbeat }
  }

  get state(): WorkerState['name'] {
    return this.#state.name
  }

  get load(): number {
    return this.#runs.size
  }

  /** Whether it should get new runs: it is ready and answers its pings. A test's runs are assigned before, as they block. */
  get isAvailable(): boolean {
    const { name } = this.#state
    if (name === 'starting') return this.#options.hasSyncChannel === true
    return name === 'ready' && !this.#isStuck && (this.load === 0 || this.#getSilenceMs() < maxPingDelayMs)
  }

  get hasUnansweredPing(): boolean {
    return this.#getPingDelayMs() > 0
  }

  /** Whether its runs wait for services: it answers, and none of them has ended for a while. */
  isWaiting(atMs: number): boolean {
    return this.isAvailable && this.load > 0 && atMs - this.#lastChangeMs > minWaitingMs
  }

  /** How long it has had no run; 0 if it has one. */
  getIdleMs(atMs: number): number {
    return this.load > 0 ? 0 : atMs - this.#lastChangeMs
  }

  /** Assigns a run. Throws if the worker was killed or has exited. */
  run(run: QueuedRun): void {
    if (hasEnded(this.#state)) throw new Error(`a worker cannot run anything once it is ${this.#state.name}`)
    if (this.load === 0) this.#lastChangeMs = this.#options.nowMs()
    this.#runs.assign(run)
  }

  /** Lets the worker get ready for a program before a run needs it. */
  prepare(program: Program): void {
    if (this.#state.name !== 'ready') return
    this.#runs.prepare(program)
    this.#state.heartbeat.ping(this.#options.nowMs())
    this.#process.send({ type: 'ping' })
  }

  /** Takes all runs away. What the worker still reports about them is ignored. */
  takeRuns(): readonly QueuedRun[] {
    return this.#runs.removeAll()
  }

  /** Passes on a message of a debugger; undefined if the debugger has disconnected. */
  inspectRules(message: string | undefined): void {
    this.#process.send({ type: 'inspect', message })
  }

  sendSnapshot(hash: string, bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#state.name === 'ready') this.#process.send({ type: 'snapshot', hash, bytes })
  }

  /** Checks start, deadlines, heartbeat and memory, and kills the worker if a limit is exceeded. */
  async checkHealth(atMs: number): Promise<void> {
    const state = this.#state
    let reason: ExitReason | undefined
    if (state.name === 'starting') reason = checkStart(state.heartbeat, atMs)
    else if (state.name === 'ready' && this.load > 0) {
      reason = await checkReady(state.heartbeat, this.#health, atMs)
      this.#setStuck(state.heartbeat.getUsedCpuMs() > maxQuickCpuMs)
    }
    if (reason !== undefined) this.kill(reason)
  }

  /** Sends SIGKILL; does nothing if the worker was killed before or has exited. */
  kill(reason: ExitReason): void {
    const state = this.#state
    if (state.name === 'starting' || state.name === 'ready') this.#becomeKilled(state, reason)
  }

  // Each transition takes the state that it leaves: from any other state it does not compile.

  #becomeReady(_from: StartingState): void {
    this.#state = { name: 'ready', heartbeat: createReadyHeartbeat(this.#health) }
    this.#lastChangeMs = this.#options.nowMs()
    this.#runs.restartDeadlines()
    this.#events.onReady()
  }

  #becomeKilled(from: StartingState | ReadyState, reason: ExitReason): void {
    this.#state = { name: 'killed', reason, hasStarted: from.name === 'ready' }
    this.#process.kill()
  }

  #becomeExited(from: StartingState | ReadyState | KilledState, { signal, stderrTail }: WorkerExit): void {
    this.#state = { name: 'exited' }
    this.#events.onExit({
      runs: this.#runs.removeAll(),
      reason: from.name === 'killed' ? from.reason : toExitReason(signal),
      hasStarted: from.name === 'killed' ? from.hasStarted : from.name === 'ready',
      stderrTail,
    })
  }

  #onReady(): void {
    const state = this.#state
    if (state.name === 'starting') this.#becomeReady(state)
    // Each `ready` restarts the deadlines, so a second one would give a hijacked worker more time.
    else if (state.name === 'ready') this.kill('violation')
    else if (state.name === 'killed') this.#state = { ...state, hasStarted: true }
  }

  #onPong(): void {
    if (this.#state.name === 'ready') this.#state.heartbeat.onPong()
  }

  #onExit(exit: WorkerExit): void {
    const state = this.#state
    if (state.name === 'exited') throw new Error('a worker can exit only once')
    this.#becomeExited(state, exit)
  }

  /** How long the last ping has been unanswered; 0 if it was answered. */
  #getPingDelayMs(): number {
    return this.#state.name === 'ready' ? (this.#state.heartbeat.getWaitMs(this.#options.nowMs()) ?? 0) : 0
  }

  /** How long it has said nothing while an answer is due. */
  #getSilenceMs(): number {
    return Math.min(this.#getPingDelayMs(), this.#options.nowMs() - this.#lastMessageMs)
  }

  #setStuck(isStuck: boolean): void {
    if (isStuck && !this.#isStuck) {
      // A worker in the quarantine will be replaced, because its priority cannot be raised again.
      if (this.#options.isQuarantine === true) lowerPriority(this.#process.pid, 'lowest')
      this.#events.onStuck(this.#runs.listPrograms())
    }
    this.#isStuck = isStuck || (this.#isStuck && this.#options.isQuarantine === true)
  }

  /** Messages count in every state. What a killed worker reported before the kill has happened. */
  #receive(message: FromWorker): void {
    this.#lastMessageMs = this.#options.nowMs()
    if (this.#state.name === 'ready') this.#state.heartbeat.onProgress()
    switch (message.type) {
      case 'ready':
        this.#onReady()
        return
      case 'pong':
        this.#onPong()
        return
      case 'coverage':
        this.#reportCoverage(message.hash, message.counts)
        return
      case 'inspected':
        this.#options.onInspected?.(message.message)
        return
      case 'evicted':
        this.#evict(message.id)
        return
      case 'done':
        if (this.#runs.finish(message)) this.#onRunEnd()
        else this.kill('violation')
        return
      default:
        this.#runs.receive(message)
    }
  }

  #reportCoverage(hash: string, json: string): void {
    const program = this.#runs.findProgram(hash)
    const counts = readCounts(json)
    if (counts === undefined) this.kill('violation')
    else if (program !== undefined) this.#options.onCoverage?.(program, counts)
  }

  #evict(id: number): void {
    const run = this.#runs.remove(id)
    if (run !== undefined) this.#events.onEvicted(run)
    this.#onRunEnd()
  }

  #onRunEnd(): void {
    this.#lastChangeMs = this.#options.nowMs()
    if (this.#isStuck && this.#options.isQuarantine === true) this.kill('external')
    this.#events.onCapacity()
  }
}
