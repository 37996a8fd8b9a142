import { clearInterval, setImmediate as soon, setInterval as every, setTimeout as after } from './timers.ts'

/** Node's `timers/promises`, over the timers of the login. */
interface WaitOptions {
  readonly signal?: AbortSignal | undefined
}

function createAbortError({ reason }: AbortSignal): Error {
  const error = new Error('The operation was aborted', { cause: reason })
  return Object.assign(error, { name: 'AbortError', code: 'ABORT_ERR' })
}

/** Waits for the timer that `arm` starts. A signal ends the wait and the timer. */
function wait<Value>(
  arm: (done: () => void) => { close(): unknown },
  value: Value,
  { signal }: WaitOptions = {},
): Promise<Value> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(createAbortError(signal))
      return
    }
    const timer = arm(() => {
      signal?.removeEventListener('abort', onAbort)
      resolve(value)
    })
    function onAbort(): void {
      timer.close()
      if (signal !== undefined) reject(createAbortError(signal))
    }
    signal?.addEventListener('abort', onAbort, { once: true })
  })
}

function setTimeout<Value>(delayMs?: number, value?: Value, options?: WaitOptions): Promise<Value | undefined> {
  return wait((done) => after(done, delayMs), value, options)
}

function setImmediate<Value>(value?: Value, options?: WaitOptions): Promise<Value | undefined> {
  return wait((done) => soon(done) as unknown as { close(): unknown }, value, options)
}

async function* setInterval<Value>(
  delayMs?: number,
  value?: Value,
  { signal }: WaitOptions = {},
): AsyncGenerator<Value | undefined, void, void> {
  let pendingTicks = 0
  let resolveTick: (() => void) | undefined
  const notifyTick = (): void => resolveTick?.()
  const timer = every(() => {
    pendingTicks += 1
    notifyTick()
  }, delayMs)
  signal?.addEventListener('abort', notifyTick, { once: true })
  try {
    for (;;) {
      if (signal?.aborted === true) throw createAbortError(signal)
      if (pendingTicks === 0) await new Promise<void>((resolve) => (resolveTick = resolve))
      for (; pendingTicks > 0; pendingTicks -= 1) yield value
    }
  } finally {
    clearInterval(timer)
    signal?.removeEventListener('abort', notifyTick)
  }
}

const scheduler = {
  wait: (delayMs: number, options?: WaitOptions): Promise<undefined> => setTimeout(delayMs, undefined, options),
  yield: (): Promise<undefined> => setImmediate(),
}

export { scheduler, setImmediate, setInterval, setTimeout }
