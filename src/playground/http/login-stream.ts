import type { FinishedLogin, LoginEmitter } from '../../login/run/login-emitter.ts'
import type { LoginEvent } from './api-types.ts'

/** Streams of finished logins, to browsers that watch. */
export interface LoginStreams {
  /** A response that goes on until its reader goes; undefined where too many watch already. */
  open(): Response | undefined
  close(): void
}

const maxStreams = 16
/** What waits for one slow reader; a login beyond is left out, and counted. */
const maxBuffered = 100
const heartbeatMs = 15_000

/** Makes server-sent events of logins; while nobody watches, no login is looked at. */
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

/** Sends logins to one reader; answers how to end it. */
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
  // Proxies and browsers give up on a connection that says nothing.
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
      // The reader went first.
    }
  }
}

function toLoginEvent({ log, outcome: finishedOutcome }: FinishedLogin, missed: number): LoginEvent {
  if (finishedOutcome === undefined) return { ...log, missed }
  const { outcome, error, rules } = finishedOutcome
  const ruleEvents = rules.map(({ name, status, durationMs, logs, requests }) => ({
    name,
    status,
    durationMs,
    logs,
    requests,
  }))
  return { ...log, missed, outcome, error, rules: ruleEvents }
}
