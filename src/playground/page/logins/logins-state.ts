import { computed, signal } from '@preact/signals'
import type { SeenLogin } from '../../http/answers.ts'
import { openStream } from '../api.ts'
import { readEvents } from './event-stream.ts'

export interface NumberedLogin extends SeenLogin {
  /** The number of the login in this page. */
  readonly id: number
}

const maxSeen = 500
const retryMs = 2_000

export const state = signal<'connecting' | 'connected' | 'disconnected'>('connecting')
export const seen = signal<readonly NumberedLogin[]>([])
export const filter = signal('')

export const shown = computed(() => {
  const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean)
  return seen.value.filter((login) => {
    const text = JSON.stringify(login).toLowerCase()
    return words.every((word) => text.includes(word))
  })
})

let watching: AbortController | undefined
let count = 0

/** Begins to watch, and goes on as long as the page is there. */
export function watch(): void {
  if (watching !== undefined) return
  watching = new AbortController()
  void follow(watching.signal)
}

async function follow(signal_: AbortSignal): Promise<void> {
  while (!signal_.aborted) {
    state.value = 'connecting'
    try {
      const body = await openStream('/logins', signal_)
      state.value = 'connected'
      await readEvents(body, 'login', add)
    } catch {
      // The server is away, or the token has ended: both may pass.
    }
    state.value = 'disconnected'
    await new Promise((resolve) => setTimeout(resolve, retryMs))
  }
}

function add(data: unknown): void {
  count += 1
  seen.value = [{ ...(data as SeenLogin), id: count }, ...seen.value].slice(0, maxSeen)
}
