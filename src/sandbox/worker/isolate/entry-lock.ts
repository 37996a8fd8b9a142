/** Lets one entry at a time into an isolate. An entry lasts longer than its call only if a debugger may hold it up. */
export interface EntryLock {
  /** An entry is under way: another one must wait. */
  readonly isLocked: boolean
  readonly hasWaiters: boolean
  /** Calls `enter` when the entries before it are over. */
  wait(enter: () => void): void
  /** Locks until `entry` is settled. Then `onSettled` gets the error that it was rejected with, and those that wait enter. */
  lockUntil(entry: Promise<unknown>, onSettled: (errorMessage: string | undefined) => void): Promise<void>
}

export function createEntryLock(): EntryLock {
  let isLocked = false
  const waiters: (() => void)[] = []

  /** Lets the waiters enter one after the other, until one of them locks again. */
  function admitNext(): void {
    if (isLocked) return
    const nextEntry = waiters.shift()
    nextEntry?.()
    if (nextEntry !== undefined) admitNext()
  }

  return {
    get isLocked() {
      return isLocked
    },
    get hasWaiters() {
      return waiters.length > 0
    },
    wait: (enter) => void waiters.push(enter),
    async lockUntil(entry, onSettled) {
      isLocked = true
      const errorMessage = await entry.then(() => undefined, toErrorMessage)
      isLocked = false
      onSettled(errorMessage)
      admitNext()
    },
  }
}

export function toErrorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
