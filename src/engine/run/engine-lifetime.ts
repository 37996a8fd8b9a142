import { ClaimsmithError } from '../../errors/claimsmith-error.ts'

/** `closing`: it takes no more logins, and waits for those under way. `closed`: the workers have ended. */
export type EngineState =
  | { readonly kind: 'open' }
  | { readonly kind: 'closing'; readonly closed: Promise<void> }
  | { readonly kind: 'closed'; readonly closed: Promise<void> }

/** Counts the logins under way, so that an engine closes after the last one. */
export interface EngineLifetime {
  readonly state: EngineState
  /** @throws {ClaimsmithError} ENGINE_CLOSED if `close` has been called. */
  assertOpen(): void
  /** `close` waits for this promise. */
  readonly track: <Result>(pending: Promise<Result>) => Promise<Result>
  /** Waits for what is tracked, then calls `end`. Later calls return the same promise. */
  close(): Promise<void>
}

export function createEngineLifetime(end: () => void): EngineLifetime {
  let state: EngineState = { kind: 'open' }
  let pendingCount = 0
  let onIdle: (() => void) | undefined

  function forget(): void {
    if (--pendingCount === 0) onIdle?.()
  }

  async function waitForPending(): Promise<void> {
    if (pendingCount === 0) return
    const { promise, resolve } = Promise.withResolvers<void>()
    onIdle = resolve
    await promise
  }

  async function endWhenIdle(): Promise<void> {
    await waitForPending()
    end()
    if (state.kind === 'closing') state = { kind: 'closed', closed: state.closed }
  }

  return {
    get state() {
      return state
    },
    assertOpen() {
      if (state.kind !== 'open') throw new ClaimsmithError('ENGINE_CLOSED', 'the engine is closed; create another one')
    },
    track(pending) {
      pendingCount++
      pending.then(forget, forget)
      return pending
    },
    close() {
      if (state.kind !== 'open') return state.closed
      const closed = endWhenIdle()
      state = { kind: 'closing', closed }
      return closed
    },
  }
}
