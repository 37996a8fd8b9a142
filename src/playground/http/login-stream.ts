import type { FinishedLogin, FinishedLogins } from '../../login/run/finished-logins.ts'
import type { SeenLogin } from './answers.ts'

/** Streams of finished logins, to browsers that watch. */
export interface LoginStreams {
  /** A response that goes on until its reader goes; undefined where too many watch already. */
  open(): Response | undefined
  close(): void
}

const maxStreams = 16
/** What waits for one slow reader; a login beyond is left out, and counted. */
const maxWaiting = 100
const beatMs = 15_000

/** Makes server-sent events of logins; while nobody watches, no login is looked at. */
export function createLoginStreams(finished: FinishedLogins): LoginStreams {
  const ends = new Set<() => void>()
  return {
    open() {
      if (ends.size === maxStreams) return undefined
      let end = (): void => undefined
      const body = new ReadableStream<Uint8Array>(
        {
          start(controller) {
            const stop = send(controller, finished)
            end = () => {
              if (ends.delete(end)) stop()
            }
            ends.add(end)
          },
          cancel: () => end(),
        },
        { highWaterMark: maxWaiting },
      )
      const headers = { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' }
      return new Response(body, { headers })
    },
    close() {
      for (const end of ends) end()
    },
  }
}

/** Sends logins to one reader; answers how to end it. */
function send(controller: ReadableStreamDefaultController<Uint8Array>, finished: FinishedLogins): () => void {
  const encoder = new TextEncoder()
  let missed = 0
  const write = (text: string): void => controller.enqueue(encoder.encode(text))
  const unlisten = finished.listen((login) => {
    if ((controller.desiredSize ?? 0) <= 0) {
      missed += 1
      return
    }
    write(`event: login\ndata: ${JSON.stringify(present(login, missed))}\n\n`)
    missed = 0
  })
  // Proxies and browsers give up on a connection that says nothing.
  const beat = setInterval(() => (controller.desiredSize ?? 0) > 0 && write(': still here\n\n'), beatMs).unref()
  write(': watching\n\n')
  return () => {
    unlisten()
    clearInterval(beat)
    try {
      controller.close()
    } catch {
      // The reader went first.
    }
  }
}

function present({ log, outcome: ended }: FinishedLogin, missed: number): SeenLogin {
  if (ended === undefined) return { ...log, missed }
  const { outcome, error, rules } = ended
  const ran = rules.map(({ name, status, durationMs, logs, requests }) => ({
    name,
    status,
    durationMs,
    logs,
    requests,
  }))
  return { ...log, missed, outcome, error, rules: ran }
}
