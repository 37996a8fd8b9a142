import { computed, signal } from '@preact/signals'
import type { LoginEvent } from '../../http/api-types.ts'
import { openStream } from '../api.ts'

export interface NumberedLogin extends LoginEvent {
  /** Counts the logins of this page. */
  readonly id: number
}

const maxLogins = 500
const retryMs = 2_000

export const connectionState = signal<'connecting' | 'connected' | 'disconnected'>('connecting')
export const finishedLogins = signal<readonly NumberedLogin[]>([])
export const filter = signal('')

export const filteredLogins = computed(() => {
  const terms = filter.value.toLowerCase().split(/\s+/).filter(Boolean)
  return finishedLogins.value.filter((login) => {
    const text = JSON.stringify(login).toLowerCase()
    return terms.every((term) => text.includes(term))
  })
})

let abortController: AbortController | undefined
let loginCount = 0

/** Starts to watch the logins, and reconnects as long as the page is open. */
export function watchLogins(): void {
  if (abortController !== undefined) return
  abortController = new AbortController()
  void readStream(abortController.signal)
}

async function readStream(abortSignal: AbortSignal): Promise<void> {
  while (!abortSignal.aborted) {
    connectionState.value = 'connecting'
    try {
      const body = await openStream('/logins', abortSignal)
      connectionState.value = 'connected'
      await readEvents(body, 'login', addLogin)
    } catch {
      // The server is unreachable, or the token has expired: the next attempt may work.
    }
    connectionState.value = 'disconnected'
    await new Promise((resolve) => setTimeout(resolve, retryMs))
  }
}

function addLogin(data: unknown): void {
  loginCount += 1
  finishedLogins.value = [{ ...(data as LoginEvent), id: loginCount }, ...finishedLogins.value].slice(0, maxLogins)
}

/** Calls `onEvent` with the JSON data of each server-sent event of one kind. */
async function readEvents(
  body: ReadableStream<Uint8Array>,
  kind: string,
  onEvent: (data: unknown) => void,
): Promise<void> {
  const reader = body.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>).getReader()
  let buffered = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    buffered += value
    const events = buffered.split('\n\n')
    buffered = events.pop() ?? ''
    for (const event of events) {
      const lines = event.split('\n')
      const data = lines.find((line) => line.startsWith('data: '))
      if (lines.includes(`event: ${kind}`) && data !== undefined) onEvent(JSON.parse(data.slice('data: '.length)))
    }
  }
}
