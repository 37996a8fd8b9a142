import type { Heartbeat } from './heartbeat.ts'

/**
 * The states of a supervised worker:
 *
 * - `starting` leads to `ready`, `killed` or `exited`.
 * - `ready` leads to `killed` or `exited`.
 * - `killed` leads to `exited`.
 * - `exited` is final.
 *
 * `unresponsive` is not a state: it is a `ready` worker whose last ping is unanswered, which depends on the time alone.
 */
export type WorkerState = StartingState | ReadyState | KilledState | ExitedState

/** The process was forked and has not reported `ready`. It is assigned runs already, and begins them when it is ready. */
export interface StartingState {
  readonly name: 'starting'
  /** Pinged once, at the fork; `ready` is the answer. */
  readonly heartbeat: Heartbeat
}

/** The process reported `ready`. */
export interface ReadyState {
  readonly name: 'ready'
  /** Pinged at each health check while the worker has runs; `pong` is the answer. */
  readonly heartbeat: Heartbeat
}

/** SIGKILL was sent. The process gets no more runs; messages that it had sent before still count. */
export interface KilledState {
  readonly name: 'killed'
  /** The reason for the first kill; later ones change nothing. */
  readonly reason: ExitReason
  /** Whether `ready` arrived, before the kill or after it: if so, its runs may have begun. */
  readonly hasStarted: boolean
}

/** The process is gone. Final. */
export interface ExitedState {
  readonly name: 'exited'
}

/**
 * Why a worker's process ended:
 *
 * - `memory`: it used more than `workerRssMb`
 * - `frozen`: it used CPU without answering
 * - `deadline`: a run, or the start, took too long
 * - `crash`: it ended by itself, or its main thread sleeps for good
 * - `violation`: it sent an invalid message, so its code may not be ours any more
 * - `external`: the operating system, an operator or the pool ended it, or it was stopped; its runs are not the cause
 */
export type ExitReason = 'memory' | 'frozen' | 'deadline' | 'crash' | 'violation' | 'external'

/** SIGKILL and SIGTERM come from outside. V8 ends its own process by other signals. The state `killed` shows our own kill. */
export function toExitReason(signal: NodeJS.Signals | null): ExitReason {
  return signal === 'SIGKILL' || signal === 'SIGTERM' ? 'external' : 'crash'
}
