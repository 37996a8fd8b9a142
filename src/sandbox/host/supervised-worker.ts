import { type QueuedRun, type LossCause, lossCauseByStall } from './queued-run.ts'
import { serializeError } from './serialize-error.ts'
import { initialTimeoutFactor } from '../wire/timeout-factor.ts'
import { type FromWorker, type Program, readCounts } from '../wire/protocol.ts'
import { createHeartbeat } from './heartbeat.ts'
import { readRecords } from '../wire/records.ts'
import { createIdTable } from '../wire/id-table.ts'
import { readCpuTimeMs, isProcessBlocked, readResidentMemoryMb } from './resources.ts'
import type { SupervisedEvents, SupervisedOptions, SupervisedWorker } from './supervised.ts'
import { type WorkerExit, startWorkerProcess } from './worker-process.ts'

/** What a rule gets whose login nobody waits for any more. */
const abandonedAnswer = JSON.stringify({ ok: false, value: { is: 'undefined' } })

/** How long a ping may stay unanswered before new logins go elsewhere. */
const maxPingDelayMs = 60
/** How long a worker may stand still while it starts, and the CPU that it may take, before another one is tried. */
const maxStartMs = 10_000

export function superviseWorker(
  { limits, network, hasSyncChannel = false, nowMs, onCoverage, onInspected }: SupervisedOptions,
  events: SupervisedEvents,
): SupervisedWorker {
  const runs = createIdTable<QueuedRun>()
  /** Logins of a test's that have done what they do at once. */
  const waitingRuns = new Set<number>()
  let cause: LossCause | undefined
  let isStarted = false
  const process = startWorkerProcess(
    {
      type: 'options',
      limits,
      network,
      hasCoverage: onCoverage !== undefined,
      hasInspector: onInspected !== undefined,
      ...(hasSyncChannel ? { hasSyncChannel } : {}),
    },
    { onMessage, onViolation: () => kill('violation'), onExit },
  )
  process.setReferenced(false)
  const cpuMs = (): number => readCpuTimeMs(process.pid)
  const isBlocked = (): boolean => isProcessBlocked(process.pid)
  const startHeartbeat = createHeartbeat({ maxCpuMs: maxStartMs, maxIdleMs: maxStartMs, cpuMs, isBlocked })
  startHeartbeat.ping(nowMs())
  const maxIdleMs = limits.cpuPerLoginMs + limits.killAfterMs
  const heartbeat = createHeartbeat({
    maxCpuMs: initialTimeoutFactor * limits.cpuPerLoginMs + limits.killAfterMs,
    maxIdleMs,
    cpuMs,
    isBlocked,
  })

  function setDeadline(run: QueuedRun): void {
    run.deadlineMs = nowMs() + run.input.wallMs + limits.killAfterMs
  }

  function kill(reason: LossCause): void {
    cause ??= reason
    process.kill()
  }

  function onExit(exit: WorkerExit): void {
    const lostRuns = runs.values()
    for (const { id } of lostRuns) runs.delete(id)
    // A signal that V8 raises against itself is a crash; SIGKILL, unless it was ours, came from somebody else.
    events.onExit(
      lostRuns,
      cause ?? (exit.signal === 'SIGKILL' || exit.signal === 'SIGTERM' ? 'killed' : 'crash'),
      exit,
    )
  }

  function removeRun(id: number): QueuedRun | undefined {
    const run = runs.delete(id)
    waitingRuns.delete(id)
    if (runs.size === 0) process.setReferenced(false)
    return run
  }

  function findProgram(hash: string): Program | undefined {
    return runs.values().find(({ program }) => program.hash === hash)?.program
  }

  function onMessage(message: FromWorker): void {
    switch (message.type) {
      case 'ready':
        noteReady()
        return
      case 'pong':
        heartbeat.onPong()
        return
      case 'need': {
        const program = findProgram(message.hash)
        if (program !== undefined) process.send({ type: 'program', program })
        return
      }
      case 'coverage':
        reportCoverage(message)
        return
      case 'inspected':
        onInspected?.(message.message)
        return
      case 'sideEffect':
        markSideEffect(runs.get(message.id))
        return
      case 'call':
        answer(message)
        return
      case 'exchange':
        forwardExchange(message.id, message.text)
        return
      case 'waiting':
        noteWaiting(message.id)
        return
      case 'stub':
        askTest(message)
        return
      case 'evicted':
        evict(removeRun(message.id))
        return
      case 'done':
        finish(message)
        return
      default:
        message satisfies never
    }
  }

  function noteReady(): void {
    isStarted = true
    for (const run of runs.values()) setDeadline(run)
    events.onReady()
  }

  function forwardExchange(id: number, text: string): void {
    runs.get(id)?.onExchange?.(text)
  }

  function noteWaiting(id: number): void {
    waitingRuns.add(id)
    runs.get(id)?.stubs?.notifyWaiting()
  }

  function askTest({ id, body }: Extract<FromWorker, { type: 'stub' }>): void {
    const run = runs.get(id)
    if (run !== undefined) run.hasSideEffects = true
    const text = run?.stubs === undefined ? abandonedAnswer : run.stubs.answer(body)
    if (text !== undefined) process.syncChannel?.reply(text)
  }

  function evict(run: QueuedRun | undefined): void {
    if (run !== undefined) events.onEvicted(run)
    events.onCapacity()
  }

  function markSideEffect(run: QueuedRun | undefined): void {
    if (run !== undefined) run.hasSideEffects = true
  }

  function finish(message: Extract<FromWorker, { type: 'done' }>): void {
    const { type: _, id, ...result } = message
    const rules = readRecords(result.rules)
    if (rules === undefined) {
      kill('violation')
      return
    }
    removeRun(id)?.resolve({ ...result, rules })
    events.onCapacity()
  }

  function reportCoverage({ hash, counts: json }: Extract<FromWorker, { type: 'coverage' }>): void {
    const program = findProgram(hash)
    const counts = readCounts(json)
    if (counts === undefined) kill('violation')
    else if (program !== undefined) onCoverage?.(program, counts)
  }

  function answer({ id, op, name, body }: Extract<FromWorker, { type: 'call' }>): void {
    const run = runs.get(id)
    if (run === undefined) return
    run.hasSideEffects = true
    run.answer(name, body).then(
      (result) => process.send({ type: 'answer', id, op, ok: true, body: result }),
      (error: unknown) => {
        process.send({ type: 'answer', id, op, ok: false, body: serializeError(error) })
      },
    )
  }

  return {
    get load() {
      return runs.size
    },
    get isResponsive() {
      return (heartbeat.getWaitMs(nowMs()) ?? 0) < maxPingDelayMs
    },
    get isStarted() {
      return isStarted
    },
    run(run) {
      if (runs.size === 0) process.setReferenced(true)
      runs.add(run.id, run)
      setDeadline(run)
      const { id, program, input, attempts } = run
      process.send({ type: 'run', id, hash: program.hash, attempts, input })
      const { syncChannel: channel } = process
      if (channel === undefined || run.stubs === undefined) return
      run.stubs.open(channel)
      channel.serveUntil(() => waitingRuns.has(id) || runs.get(id) === undefined)
    },
    inspectRules(message) {
      process.send({ type: 'inspect', ...(message === undefined ? {} : { message }) })
    },
    async inspect(atMs) {
      if (runs.size === 0) return
      if (!isStarted) {
        const stall = startHeartbeat.detectStall(atMs)
        if (stall !== undefined) kill(stall === 'frozen' ? 'deadline' : 'killed')
        return
      }
      if (runs.values().some((run) => atMs > run.deadlineMs)) {
        kill('deadline')
        return
      }
      if (heartbeat.getWaitMs(atMs) === undefined) {
        heartbeat.ping(atMs)
        process.send({ type: 'ping' })
      }
      const stall = heartbeat.detectStall(atMs)
      if (stall !== undefined) {
        kill(lossCauseByStall[stall])
        return
      }
      const usedMb = process.pid === undefined ? undefined : await readResidentMemoryMb(process.pid)
      if (usedMb !== undefined && usedMb > limits.workerRssMb) kill('memory')
    },
    kill: () => kill('killed'),
  }
}
