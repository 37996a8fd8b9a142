import type { Runner } from '../run/runner.ts'

type RelayState =
  /** There is no runner yet: messages wait for it. */
  | { readonly kind: 'unattached'; readonly messages: (string | undefined)[] }
  /** The first runner of the worker gets the messages. */
  | { readonly kind: 'attached'; readonly runner: Runner }

/** Passes a debugger's messages on to the runner that it debugs: the first one. */
export class DebuggerRelay {
  #state: RelayState = { kind: 'unattached', messages: [] }

  /** unattached → attached. Later runners are not debugged. */
  attach(runner: Runner): void {
    if (this.#state.kind === 'attached') return
    const { messages } = this.#state
    this.#state = { kind: 'attached', runner }
    for (const message of messages) runner.debug?.(message)
  }

  /** `undefined` says that the debugger has gone. */
  send(message: string | undefined): void {
    if (this.#state.kind === 'unattached') this.#state.messages.push(message)
    else this.#state.runner.debug?.(message)
  }
}
