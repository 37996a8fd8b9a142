import type { Ops } from '../driver/ops.ts'
import { NativeTypeError, apply, defer, hasOwn } from '../../wire/primordials.ts'

/** A timer of Node: an object with the methods that libraries call. */
interface Timer {
  op: number
  ref(): Timer
  unref(): Timer
  hasRef(): boolean
  refresh(): Timer
  close(): Timer
}

/**
 * `setTimeout`, `setInterval`, `setImmediate` and `queueMicrotask`. The host runs the timers, and they end with their
 * login.
 */
export function createTimers(ops: Ops, onThrow: (error: unknown) => void): Record<string, unknown> {
  function arm(job: unknown, delayMs: unknown, repeat: boolean, args: unknown[]): Timer {
    if (typeof job !== 'function') throw new NativeTypeError('The "callback" argument must be a function')
    const ms = Math.max(1, Math.min(2_147_483_647, Math.trunc(Number(delayMs)) || 1))
    const timer: Timer = {
      op: 0,
      ref: () => timer,
      unref: () => timer,
      hasRef: () => true,
      refresh() {
        ops.cancel(timer.op)
        begin()
        return timer
      },
      close() {
        ops.cancel(timer.op)
        return timer
      },
    }
    function begin(): void {
      timer.op = ops.beginWith('timer', `${ms}`, () => {
        if (repeat) begin()
        apply(job as () => unknown, timer, args)
      })
    }
    begin()
    return timer
  }

  function clear(timer: unknown): void {
    if (typeof timer === 'object' && timer !== null && hasOwn(timer, 'op')) ops.cancel((timer as Timer).op)
  }

  return {
    setTimeout: (job: unknown, delayMs?: unknown, ...args: unknown[]) => arm(job, delayMs, false, args),
    setInterval: (job: unknown, delayMs?: unknown, ...args: unknown[]) => arm(job, delayMs, true, args),
    setImmediate: (job: unknown, ...args: unknown[]) => arm(job, 0, false, args),
    clearTimeout: clear,
    clearInterval: clear,
    clearImmediate: clear,
    queueMicrotask(job: unknown) {
      if (typeof job !== 'function') throw new NativeTypeError('The "callback" argument must be of type function')
      defer(() => {
        try {
          apply(job, undefined, [])
        } catch (error) {
          onThrow(error)
        }
      })
    },
  }
}
