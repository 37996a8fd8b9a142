import { type Job, type LossCause, causeOfSilence } from './job.ts'
import { failureText } from './failure-text.ts'
import { firstPatience } from '../wire/patience.ts'
import { type FromWorker, type Program, readCounts } from '../wire/protocol.ts'
import { createPulse } from './pulse.ts'
import { readRecords } from '../wire/records.ts'
import { createRoster } from '../wire/roster.ts'
import { cpuTimeMs, isAsleep, residentMemoryMb } from './resources.ts'
import type { SupervisedEvents, SupervisedOptions, SupervisedWorker } from './supervised.ts'
import { type WorkerExit, startWorkerProcess } from './worker-process.ts'

/** What a rule gets whose login nobody waits for any more. */
const nobody = JSON.stringify({ ok: false, value: { is: 'undefined' } })

/** How long a ping may stay unanswered before new logins go elsewhere. */
const patienceMs = 60
/** How long a worker may stand still while it starts, and the CPU that it may take, before another one is tried. */
const maxStartMs = 10_000

export function superviseWorker(
  { limits, network, line = false, nowMs, onCoverage, onInspected }: SupervisedOptions,
  events: SupervisedEvents,
): SupervisedWorker {
  const jobs = createRoster<Job>()
  /** Logins of a test's that have done what they do at once. */
  const waiting = new Set<number>()
  let cause: LossCause | undefined
  let started = false
  const process = startWorkerProcess(
    {
      type: 'options',
      limits,
      network,
      coverage: onCoverage !== undefined,
      inspect: onInspected !== undefined,
      ...(line ? { line } : {}),
    },
    { onMessage, onViolation: () => kill('violation'), onExit },
  )
  process.hold(false)
  const cpuMs = (): number => cpuTimeMs(process.pid)
  const asleep = (): boolean => isAsleep(process.pid)
  const start = createPulse({ busyMs: maxStartMs, stillMs: maxStartMs, cpuMs, asleep })
  start.ask(nowMs())
  const stillMs = limits.cpuPerLoginMs + limits.killAfterMs
  const pulse = createPulse({
    busyMs: firstPatience * limits.cpuPerLoginMs + limits.killAfterMs,
    stillMs,
    cpuMs,
    asleep,
  })

  function setDeadline(job: Job): void {
    job.deadlineMs = nowMs() + job.wallMs + limits.killAfterMs
  }

  function kill(why: LossCause): void {
    cause ??= why
    process.kill()
  }

  function onExit(exit: WorkerExit): void {
    const lost = jobs.values()
    for (const { id } of lost) jobs.take(id)
    // A signal that V8 raises against itself is a crash; SIGKILL, unless it was ours, came from somebody else.
    events.onGone(lost, cause ?? (exit.signal === 'SIGKILL' || exit.signal === 'SIGTERM' ? 'killed' : 'crash'), exit)
  }

  function take(id: number): Job | undefined {
    const job = jobs.take(id)
    waiting.delete(id)
    if (jobs.size === 0) process.hold(false)
    return job
  }

  function programOf(hash: string): Program | undefined {
    return jobs.values().find(({ program }) => program.hash === hash)?.program
  }

  function onMessage(message: FromWorker): void {
    switch (message.type) {
      case 'ready':
        noteReady()
        return
      case 'pong':
        pulse.heard()
        return
      case 'need': {
        const program = programOf(message.hash)
        if (program !== undefined) process.send({ type: 'program', program })
        return
      }
      case 'coverage':
        takeCoverage(message)
        return
      case 'inspected':
        onInspected?.(message.message)
        return
      case 'outside':
        noteOutside(jobs.get(message.id))
        return
      case 'call':
        answer(message)
        return
      case 'exchange':
        hear(message.id, message.text)
        return
      case 'waits':
        noteWaiting(message.id)
        return
      case 'stub':
        askTest(message)
        return
      case 'lost':
        handBack(take(message.id))
        return
      case 'done':
        end(message)
        return
      default:
        message satisfies never
    }
  }

  function noteReady(): void {
    started = true
    for (const job of jobs.values()) setDeadline(job)
    events.onReady()
  }

  function hear(id: number, text: string): void {
    jobs.get(id)?.onExchange?.(text)
  }

  function noteWaiting(id: number): void {
    waiting.add(id)
    jobs.get(id)?.stubs?.waits()
  }

  function askTest({ id, body }: Extract<FromWorker, { type: 'stub' }>): void {
    const job = jobs.get(id)
    if (job !== undefined) job.outside = true
    const text = job?.stubs === undefined ? nobody : job.stubs.answer(body)
    if (text !== undefined) process.line?.reply(text)
  }

  function handBack(job: Job | undefined): void {
    if (job !== undefined) events.onHandedBack(job)
    events.onRoom()
  }

  function noteOutside(job: Job | undefined): void {
    if (job !== undefined) job.outside = true
  }

  function end(message: Extract<FromWorker, { type: 'done' }>): void {
    const { type: _, id, ...result } = message
    const rules = readRecords(result.rules)
    if (rules === undefined) {
      kill('violation')
      return
    }
    take(id)?.resolve({ ...result, rules })
    events.onRoom()
  }

  function takeCoverage({ hash, counts: written }: Extract<FromWorker, { type: 'coverage' }>): void {
    const program = programOf(hash)
    const counts = readCounts(written)
    if (counts === undefined) kill('violation')
    else if (program !== undefined) onCoverage?.(program, counts)
  }

  function answer({ id, op, name, body }: Extract<FromWorker, { type: 'call' }>): void {
    const job = jobs.get(id)
    if (job === undefined) return
    job.outside = true
    job.answer(name, body).then(
      (result) => process.send({ type: 'answer', id, op, ok: true, body: result }),
      (error: unknown) => {
        process.send({ type: 'answer', id, op, ok: false, body: failureText(error) })
      },
    )
  }

  return {
    get load() {
      return jobs.size
    },
    get responsive() {
      return (pulse.awaitedMs(nowMs()) ?? 0) < patienceMs
    },
    get started() {
      return started
    },
    run(job) {
      if (jobs.size === 0) process.hold(true)
      jobs.add(job.id, job)
      setDeadline(job)
      const { id, program, login, facts, flow, conditions, wallMs, losses } = job
      process.send({
        type: 'run',
        id,
        hash: program.hash,
        login,
        facts,
        flow,
        wallMs,
        losses,
        ...(conditions && { conditions }),
      })
      const { line: way } = process
      if (way === undefined || job.stubs === undefined) return
      job.stubs.open(way)
      way.serveUntil(() => waiting.has(id) || jobs.get(id) === undefined)
    },
    inspectRules(message) {
      process.send({ type: 'inspect', ...(message === undefined ? {} : { message }) })
    },
    async inspect(atMs) {
      if (jobs.size === 0) return
      if (!started) {
        const silence = start.judge(atMs)
        if (silence !== undefined) kill(silence === 'frozen' ? 'deadline' : 'killed')
        return
      }
      if (jobs.values().some((job) => atMs > job.deadlineMs)) {
        kill('deadline')
        return
      }
      if (pulse.awaitedMs(atMs) === undefined) {
        pulse.ask(atMs)
        process.send({ type: 'ping' })
      }
      const silence = pulse.judge(atMs)
      if (silence !== undefined) {
        kill(causeOfSilence[silence])
        return
      }
      const usedMb = process.pid === undefined ? undefined : await residentMemoryMb(process.pid)
      if (usedMb !== undefined && usedMb > limits.workerRssMb) kill('memory')
    },
    kill: () => kill('killed'),
  }
}
