import type { FromWorker } from '../wire/protocol.ts'
import { readCounts } from '../wire/message-checks.ts'
import { initialTimeoutFactor } from '../wire/timeout-factor.ts'
import { AssignedRuns } from './assigned-runs.ts'
import { type Heartbeat, type Stall, createHeartbeat } from './heartbeat.ts'
import type { QueuedRun } from './queued-run.ts'
import { isProcessBlocked, readCpuTimeMs, readResidentMemoryMb } from './resources.ts'
import type { SupervisedEvents, SupervisedOptions } from './supervised-options.ts'
import { toExitReason } from './worker-state.ts'
import type { ExitReason, KilledState, ReadyState, StartingState, WorkerState } from './worker-state.ts'
import { type StartProcess, type WorkerExit, type WorkerProcess, startWorkerProcess } from './worker-process.ts'

/** A ping may stay unanswered this long before new runs go to other workers. */
const maxPingDelayMs = 60
/** Limit of a start, both for CPU used and for time without CPU. */
const maxStartMs = 10_000

/** If the memory is full, the thread that allocates may sleep forever. So `blocked` counts as a crash. */
const exitReasonByStall = {
  frozen: 'frozen',
  blocked: 'crash',
  stopped: 'external',
} as const satisfies Record<Stall, ExitReason>

/** One worker process with its runs. It is watched from outside, because a process that executes rules may not answer. */
export class SupervisedWorker {
  readonly #options: SupervisedOptions
  readonly #events: SupervisedEvents
  readonly #process: WorkerProcess
  readonly #runs: AssignedRuns
  #state: WorkerState

  constructor(options: SupervisedOptions, events: SupervisedEvents, startProcess: StartProcess = startWorkerProcess) {
    const { limits, network, hasSyncChannel = false, nowMs, onCoverage, onInspected } = options
    this.#options = options
    this.#events = events
    this.#process = startProcess(
      {
        type: 'options',
        limits,
        network,
        hasCoverage: onCoverage !== undefined,
        hasInspector: onInspected !== undefined,
        hasSyncChannel,
      },
      {
        onMessage: (message) => this.#receive(message),
        onViolation: () => this.kill('violation'),
        onExit: (exit) => this.#onExit(exit),
      },
      options.launch,
    )
    this.#process.setReferenced(false)
    this.#runs = new AssignedRuns({ process: this.#process, limits, nowMs, findSnapshot: options.findSnapshot })
    const heartbeat = this.#createHeartbeat(maxStartMs, maxStartMs)
    heartbeat.ping(nowMs())
    this.#state = { name: 'starting', heartbeat }
  }

  get state(): WorkerState['name'] {
    return this.#state.name
  }

  get load(): number {
    return this.#runs.size
  }

  /** Whether it should get new runs: it is about to be ready, or ready and answering its pings. */
  get isAvailable(): boolean {
    const state = this.#state
    if (state.name === 'starting') return true
    return state.name === 'ready' && (state.heartbeat.getWaitMs(this.#options.nowMs()) ?? 0) < maxPingDelayMs
  }

  /** Assigns a run. Throws if the worker was killed or has exited. */
  run(run: QueuedRun): void {
    const { name } = this.#state
    if (name === 'killed' || name === 'exited') throw new Error(`a worker cannot run anything once it is ${name}`)
    this.#runs.assign(run)
  }

  /** Passes on a message of a debugger; undefined if the debugger has disconnected. */
  inspectRules(message: string | undefined): void {
    this.#process.send({ type: 'inspect', message })
  }

  sendSnapshot(hash: string, bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#state.name === 'ready') this.#process.send({ type: 'snapshot', hash, bytes })
  }

  /** Checks deadlines, heartbeat and memory, and kills the worker if one of them is exceeded. */
  async checkHealth(atMs: number): Promise<void> {
    const state = this.#state
    if (this.#runs.size === 0) return
    if (state.name === 'starting') this.#checkStart(state, atMs)
    else if (state.name === 'ready') await this.#checkReady(state, atMs)
  }

  /** Sends SIGKILL; does nothing if the worker was killed before or has exited. */
  kill(reason: ExitReason): void {
    const state = this.#state
    if (state.name === 'starting' || state.name === 'ready') this.#becomeKilled(state, reason)
  }

  // Each transition takes the state that it leaves: from any other state it does not compile.

  #becomeReady(_from: StartingState): void {
    const { cpuPerLoginMs, killAfterMs } = this.#options.limits
    const maxCpuMs = initialTimeoutFactor * cpuPerLoginMs + killAfterMs
    this.#state = { name: 'ready', heartbeat: this.#createHeartbeat(maxCpuMs, cpuPerLoginMs + killAfterMs) }
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
    switch (state.name) {
      case 'starting':
        this.#becomeReady(state)
        return
      case 'ready':
        // Each `ready` restarts the deadlines, so a second one would give a hijacked worker more time.
        this.kill('violation')
        return
      case 'killed':
        this.#state = { ...state, hasStarted: true }
        return
      case 'exited':
        return
      default:
        state satisfies never
    }
  }

  #onPong(): void {
    if (this.#state.name === 'ready') this.#state.heartbeat.onPong()
  }

  #onExit(exit: WorkerExit): void {
    const state = this.#state
    if (state.name === 'exited') throw new Error('a worker can exit only once')
    this.#becomeExited(state, exit)
  }

  #checkStart({ heartbeat }: StartingState, atMs: number): void {
    const stall = heartbeat.detectStall(atMs)
    // No rule has run yet. If the worker sleeps, no rule is the cause.
    if (stall !== undefined) this.kill(stall === 'frozen' ? 'deadline' : 'external')
  }

  async #checkReady({ heartbeat }: ReadyState, atMs: number): Promise<void> {
    if (this.#runs.hasOverdue(atMs)) {
      this.kill('deadline')
      return
    }
    if (heartbeat.getWaitMs(atMs) === undefined) {
      heartbeat.ping(atMs)
      this.#process.send({ type: 'ping' })
    }
    const stall = heartbeat.detectStall(atMs)
    if (stall === undefined) await this.#checkMemory()
    else this.kill(exitReasonByStall[stall])
  }

  async #checkMemory(): Promise<void> {
    const { pid } = this.#process
    const usedMb = pid === undefined ? undefined : await readResidentMemoryMb(pid)
    if (usedMb !== undefined && usedMb > this.#options.limits.workerRssMb) this.kill('memory')
  }

  #createHeartbeat(maxCpuMs: number, maxIdleMs: number): Heartbeat {
    const { pid } = this.#process
    const cpuMs = (): number => readCpuTimeMs(pid)
    const isBlocked = (): boolean => isProcessBlocked(pid)
    return createHeartbeat({ maxCpuMs, maxIdleMs, cpuMs, isBlocked })
  }

  /** Messages count in every state. What a killed worker reported before the kill has happened. */
  #receive(message: FromWorker): void {
    switch (message.type) {
      case 'ready':
        this.#onReady()
        return
      case 'pong':
        this.#onPong()
        return
      case 'need':
        this.#runs.sendProgram(message.hash)
        return
      case 'coverage':
        this.#reportCoverage(message.hash, message.counts)
        return
      case 'inspected':
        this.#options.onInspected?.(message.message)
        return
      case 'sideEffect':
        this.#runs.markSideEffect(message.id)
        return
      case 'call':
        this.#runs.answerCall(message)
        return
      case 'exchange':
        this.#runs.forwardExchange(message)
        return
      case 'waiting':
        this.#runs.markWaiting(message.id)
        return
      case 'stub':
        this.#runs.answerStub(message)
        return
      case 'evicted':
        this.#evict(message.id)
        return
      case 'done':
        if (this.#runs.finish(message)) this.#events.onCapacity()
        else this.kill('violation')
        return
      default:
        message satisfies never
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
    this.#events.onCapacity()
  }
}
