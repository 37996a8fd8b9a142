/** Lets one entry at a time into an isolate, also where a debugger keeps one from ending. */
export interface Turnstile {
  /** Whether somebody waits. */
  readonly awaited: boolean
  /** Whether there is an entry to wait for; `enter` is then called after it. */
  wait(enter: () => void): boolean
  /** Keeps everybody else waiting until `entered` is settled; `leave` gets what it was rejected with. */
  hold(entered: Promise<unknown>, leave: (thrown: string | undefined) => void): Promise<void>
}

export function createTurnstile(): Turnstile {
  let held = false
  const waiting: (() => void)[] = []

  /** One after the other, until one of them is held. */
  function letIn(): void {
    if (held) return
    const next = waiting.shift()
    next?.()
    if (next !== undefined) letIn()
  }

  return {
    get awaited() {
      return waiting.length > 0
    },
    wait(enter) {
      if (held) waiting.push(enter)
      return held
    },
    async hold(entered, leave) {
      held = true
      const thrown = await entered.then(() => undefined, messageOf)
      held = false
      leave(thrown)
      letIn()
    },
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
