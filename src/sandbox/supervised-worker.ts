import type { Job, LossCause } from './job.ts'
import type { SandboxLimits } from './limits.ts'
import { firstPatience } from './patience.ts'
import { type FromWorker, type NetworkOptions, readRecords } from './protocol.ts'
import { createPulse } from './pulse.ts'
import { cpuTimeMs, residentMemoryMb } from './resources.ts'
import { type WorkerExit, startWorkerProcess } from './worker-process.ts'

/** A worker with the logins it has been given, watched from outside. */
export interface SupervisedWorker {
  readonly load: number
  /** It answers: nothing occupies it for long. */
  readonly responsive: boolean
  readonly started: boolean
  run(job: Job): void
  /** One look at its memory, its pulse and its deadlines; kills it where one is wrong. */
  inspect(nowMs: number): Promise<void>
  kill(): void
}

export interface SupervisedEvents {
  readonly onReady: () => void
  /** A login ended, or was handed back; there is room for another. */
  readonly onRoom: () => void
  /** Another login of the same ruleset ruined the isolate that this one was in. */
  readonly onHandedBack: (job: Job) => void
  /** The process is gone, with these logins under way. */
  readonly onGone: (jobs: readonly Job[], cause: LossCause, exit: WorkerExit) => void
}

/** What a rule learns of an error of the embedder's: no stack, which is full of paths. */
function told(error: unknown): { readonly message: string; readonly code?: string; readonly name?: string } {
  if (!(error instanceof Error)) return { message: 'the call failed' }
  const { name, message, code } = error as Error & { readonly code?: unknown }
  return { name, message, ...(typeof code === 'string' ? { code } : {}) }
}

/** How long a ping may stay unanswered before new logins go elsewhere. */
const patienceMs = 60
/** How long a worker may stand still while it starts, and the CPU that it may take, before another one is tried. */
const maxStartMs = 10_000

export interface SupervisedOptions {
  readonly limits: SandboxLimits
  readonly network: NetworkOptions
  readonly nowMs: () => number
}

export function superviseWorker(
  { limits, network, nowMs }: SupervisedOptions,
  events: SupervisedEvents,
): SupervisedWorker {
  const jobs = new Map<number, Job>()
  let cause: LossCause | undefined
  let started = false
  const process = startWorkerProcess(
    { type: 'options', limits, network },
    { onMessage, onViolation: () => kill('violation'), onExit },
  )
  process.hold(false)
  const cpuMs = (): number => cpuTimeMs(process.pid)
  const start = createPulse({ busyMs: maxStartMs, stillMs: maxStartMs, cpuMs })
  start.ask(nowMs())
  const stillMs = limits.cpuPerLoginMs + limits.killAfterMs
  const pulse = createPulse({ busyMs: firstPatience * limits.cpuPerLoginMs + limits.killAfterMs, stillMs, cpuMs })

  function setDeadline(job: Job): void {
    job.deadlineMs = nowMs() + job.wallMs + limits.killAfterMs
  }

  function kill(why: LossCause): void {
    cause ??= why
    process.kill()
  }

  function onExit(exit: WorkerExit): void {
    const lost = [...jobs.values()]
    jobs.clear()
    // A signal that V8 raises against itself is a crash; SIGKILL, unless it was ours, came from somebody else.
    events.onGone(lost, cause ?? (exit.signal === 'SIGKILL' || exit.signal === 'SIGTERM' ? 'killed' : 'crash'), exit)
  }

  function take(id: number): Job | undefined {
    const job = jobs.get(id)
    jobs.delete(id)
    if (jobs.size === 0) process.hold(false)
    return job
  }

  function onMessage(message: FromWorker): void {
    switch (message.type) {
      case 'ready':
        started = true
        for (const job of jobs.values()) setDeadline(job)
        events.onReady()
        return
      case 'pong':
        pulse.heard()
        return
      case 'need': {
        const job = [...jobs.values()].find(({ program }) => program.hash === message.hash)
        if (job !== undefined) process.send({ type: 'program', program: job.program })
        return
      }
      case 'outside': {
        const job = jobs.get(message.id)
        if (job !== undefined) job.outside = true
        return
      }
      case 'call':
        answer(message)
        return
      case 'exchange':
        hear(message.id, message.text)
        return
      case 'lost': {
        const job = take(message.id)
        if (job !== undefined) events.onHandedBack(job)
        events.onRoom()
        return
      }
      case 'done': {
        const { type: _, id, ...result } = message
        const rules = readRecords(result.rules)
        if (rules === undefined) {
          kill('violation')
          return
        }
        take(id)?.resolve({ ...result, rules })
        events.onRoom()
        return
      }
      default:
        message satisfies never
    }
  }

  function hear(id: number, text: string): void {
    jobs.get(id)?.onExchange?.(text)
  }

  function answer({ id, op, name, body }: Extract<FromWorker, { type: 'call' }>): void {
    const job = jobs.get(id)
    if (job === undefined) return
    job.outside = true
    job.answer(name, body).then(
      (result) => process.send({ type: 'answer', id, op, ok: true, body: result }),
      (error: unknown) => {
        process.send({ type: 'answer', id, op, ok: false, body: JSON.stringify(told(error)) })
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
      jobs.set(job.id, job)
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
    },
    async inspect(atMs) {
      if (jobs.size === 0) return
      if (!started) {
        const silence = start.judge(atMs)
        if (silence !== undefined) kill(silence === 'frozen' ? 'deadline' : 'killed')
        return
      }
      if ([...jobs.values()].some((job) => atMs > job.deadlineMs)) {
        kill('deadline')
        return
      }
      if (pulse.awaitedMs(atMs) === undefined) {
        pulse.ask(atMs)
        process.send({ type: 'ping' })
      }
      const silence = pulse.judge(atMs)
      if (silence !== undefined) {
        kill(silence === 'frozen' ? 'frozen' : 'killed')
        return
      }
      const usedMb = process.pid === undefined ? undefined : await residentMemoryMb(process.pid)
      if (usedMb !== undefined && usedMb > limits.workerRssMb) kill('memory')
    },
    kill: () => kill('killed'),
  }
}
