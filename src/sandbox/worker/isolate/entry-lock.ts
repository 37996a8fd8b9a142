/** Lets one entry at a time into an isolate, also where a debugger keeps one from ending. */
export interface EntryLock {
  /** Whether somebody waits. */
  readonly hasWaiters: boolean
  /** Whether there is an entry to wait for; `enter` is then called after it. */
  waitIfLocked(enter: () => void): boolean
  /** Keeps everybody else waiting until `entered` is settled; `leave` gets what it was rejected with. */
  lockUntil(entry: Promise<unknown>, onSettled: (errorMessage: string | undefined) => void): Promise<void>
}

export function createEntryLock(): EntryLock {
  let isLocked = false
  const waiters: (() => void)[] = []

  /** One after the other, until one of them is held. */
  function admitNext(): void {
    if (isLocked) return
    const nextEntry = waiters.shift()
    nextEntry?.()
    if (nextEntry !== undefined) admitNext()
  }

  return {
    get hasWaiters() {
      return waiters.length > 0
    },
    waitIfLocked(enter) {
      if (isLocked) waiters.push(enter)
      return isLocked
    },
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
