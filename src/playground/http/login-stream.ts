import type { FinishedLogin, LoginEmitter } from '../../login/run/login-emitter.ts'
import type { LoginEvent } from './api-types.ts'

/** Streams finished logins to browsers. */
export interface LoginStreams {
  /** Opens a response that lasts until its reader disconnects; undefined if too many are open already. */
  open(): Response | undefined
  close(): void
}

const maxStreams = 16
/** Events that are kept for a slow reader. More logins are dropped, and counted. */
const maxBuffered = 100
const heartbeatMs = 15_000

/** Sends logins as server-sent events. Without readers, logins cost nothing. */
export function createLoginStreams(loginEmitter: LoginEmitter): LoginStreams {
  const closers = new Set<() => void>()
  return {
    open() {
      if (closers.size === maxStreams) return undefined
      let closeStream = (): void => undefined
      const body = new ReadableStream<Uint8Array>(
        {
          start(controller) {
            const stop = streamLogins(controller, loginEmitter)
            closeStream = () => {
              if (closers.delete(closeStream)) stop()
            }
            closers.add(closeStream)
          },
          cancel: () => closeStream(),
        },
        { highWaterMark: maxBuffered },
      )
      const headers = { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' }
      return new Response(body, { headers })
    },
    close() {
      for (const closeStream of closers) closeStream()
    },
  }
}

/** Sends logins to one reader; returns a function that ends the stream. */
function streamLogins(controller: ReadableStreamDefaultController<Uint8Array>, loginEmitter: LoginEmitter): () => void {
  const encoder = new TextEncoder()
  let missed = 0
  const write = (text: string): void => controller.enqueue(encoder.encode(text))
  const unsubscribe = loginEmitter.subscribe((login) => {
    if ((controller.desiredSize ?? 0) <= 0) {
      missed += 1
      return
    }
    write(`event: login\ndata: ${JSON.stringify(toLoginEvent(login, missed))}\n\n`)
    missed = 0
  })
  // Proxies and browsers close an idle connection.
  const heartbeat = setInterval(
    () => (controller.desiredSize ?? 0) > 0 && write(': still here\n\n'),
    heartbeatMs,
  ).unref()
  write(': watching\n\n')
  return () => {
    unsubscribe()
    clearInterval(heartbeat)
    try {
      controller.close()
    } catch {
      // The reader has disconnected already.
    }
  }
}

function toLoginEvent({ log, outcome }: FinishedLogin, missed: number): LoginEvent {
  if (outcome === undefined) return { ...log, missed }
  const { outcome: kind, error, rules } = outcome
  const ruleEvents = rules.map(({ name, status, durationMs, logs, requests }) => ({
    name,
    status,
    durationMs,
    logs,
    requests,
  }))
  return { ...log, missed, outcome: kind, error, rules: ruleEvents }
}
