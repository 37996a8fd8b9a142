import { clearInterval, setImmediate as soon, setInterval as every, setTimeout as after } from './timers.ts'

/** `timers/promises` as Node has it, over the timers of the login. */
interface Waiting {
  readonly signal?: AbortSignal | undefined
}

function aborted({ reason }: AbortSignal): Error {
  const error = new Error('The operation was aborted', { cause: reason })
  return Object.assign(error, { name: 'AbortError', code: 'ABORT_ERR' })
}

/** Waits for what `arm` starts; a signal ends the wait, and the timer with it. */
function wait<Value>(
  arm: (done: () => void) => { close(): unknown },
  value: Value,
  { signal }: Waiting = {},
): Promise<Value> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(aborted(signal))
      return
    }
    const timer = arm(() => {
      signal?.removeEventListener('abort', onAbort)
      resolve(value)
    })
    function onAbort(): void {
      timer.close()
      if (signal !== undefined) reject(aborted(signal))
    }
    signal?.addEventListener('abort', onAbort, { once: true })
  })
}

function setTimeout<Value>(delayMs?: number, value?: Value, options?: Waiting): Promise<Value | undefined> {
  return wait((done) => after(done, delayMs), value, options)
}

function setImmediate<Value>(value?: Value, options?: Waiting): Promise<Value | undefined> {
  return wait((done) => soon(done) as unknown as { close(): unknown }, value, options)
}

async function* setInterval<Value>(
  delayMs?: number,
  value?: Value,
  { signal }: Waiting = {},
): AsyncGenerator<Value | undefined, void, void> {
  let due = 0
  let wake: (() => void) | undefined
  const rouse = (): void => wake?.()
  const timer = every(() => {
    due += 1
    rouse()
  }, delayMs)
  signal?.addEventListener('abort', rouse, { once: true })
  try {
    for (;;) {
      if (signal?.aborted === true) throw aborted(signal)
      if (due === 0) await new Promise<void>((resolve) => (wake = resolve))
      for (; due > 0; due -= 1) yield value
    }
  } finally {
    clearInterval(timer)
    signal?.removeEventListener('abort', rouse)
  }
}

const scheduler = {
  wait: (delayMs: number, options?: Waiting): Promise<undefined> => setTimeout(delayMs, undefined, options),
  yield: (): Promise<undefined> => setImmediate(),
}

export { scheduler, setImmediate, setInterval, setTimeout }
