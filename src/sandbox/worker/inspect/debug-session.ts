import type ivm from 'isolated-vm'
import type { ProgramRule } from '../../wire/protocol.ts'
import { IsolateWaker } from './isolate-waker.ts'

export interface DebugSessionOptions {
  readonly openInspectorSession: () => ivm.InspectorSession
  /** The rules where the debugger stops once. */
  readonly rules: readonly Pick<ProgramRule, 'url' | 'breakpoints'>[]
  readonly post: (message: string) => void
  /** The debugger is ready: runs may start. */
  readonly onReady: () => void
}

interface ProtocolMessage {
  readonly id?: number
  readonly method?: string
  readonly params?: { readonly patterns?: readonly string[] }
  readonly result?: { readonly breakpointId?: string }
}

type SessionState =
  /** No debugger has sent a message so far. */
  | { readonly kind: 'new' }
  | { readonly kind: 'open'; readonly inspector: ivm.InspectorSession }
  /** The isolate is about to be disposed: it gets no more messages. */
  | { readonly kind: 'stopped' }

/** Our own messages have ids that no debugger reaches. */
const firstOwnId = 1_000_000_000
/** Scripts that a debugger steps over: those that run the rules. */
const internalScripts = '^claimsmith:guest$'

/** A debugger's session with an isolate. It stops where the first rule begins, and steps over internal scripts. */
export class DebugSession {
  readonly #options: DebugSessionOptions
  readonly #waker = new IsolateWaker(() => this.#dispatchOwn('Runtime.getIsolateId'))
  #state: SessionState = { kind: 'new' }
  #lastOwnId = firstOwnId
  /** The debugger's message whose answer says that it is ready. */
  #readyMessageId: number | undefined
  /** Ids of our own breakpoints. */
  #breakpoints: string[] = []
  #hasStoppedAtEntry = false

  constructor(options: DebugSessionOptions) {
    this.#options = options
  }

  /** Takes a message of the Chrome DevTools Protocol; `undefined` if the debugger has gone. */
  receive(message: string | undefined): void {
    if (this.#state.kind === 'stopped') return
    if (message === undefined) {
      this.#releaseIsolate()
      return
    }
    if (this.#state.kind === 'new') this.#state = { kind: 'open', inspector: this.#openInspector() }
    this.#forward(message)
  }

  /** new, open → stopped. */
  stop(): void {
    this.#waker.stop()
    this.#state = { kind: 'stopped' }
  }

  /** Resumes the isolate. The session stays open: V8 may crash if a session is closed while its isolate is paused. */
  #releaseIsolate(): void {
    for (const domain of ['Debugger', 'Runtime', 'Profiler', 'HeapProfiler']) this.#sendCommand(`${domain}.disable`)
    this.#breakpoints = []
  }

  #openInspector(): ivm.InspectorSession {
    const { openInspectorSession, post } = this.#options
    const inspector = openInspectorSession()
    inspector.onResponse = (id, text) => this.#onResponse(id, text)
    inspector.onNotification = (text) => {
      // Our own breakpoints are removed at the first pause, also if it is at another place.
      if (!this.#hasStoppedAtEntry && text.startsWith('{"method":"Debugger.paused"')) this.#removeBreakpoints()
      post(text)
    }
    return inspector
  }

  #onResponse(id: number, text: string): void {
    this.#waker.noteAnswer(id)
    if (id > firstOwnId) this.#addBreakpoint(JSON.parse(text) as ProtocolMessage)
    else this.#options.post(text)
    if (id === this.#readyMessageId) this.#options.onReady()
  }

  #addBreakpoint({ result }: ProtocolMessage): void {
    if (result?.breakpointId !== undefined) this.#breakpoints.push(result.breakpointId)
  }

  #removeBreakpoints(): void {
    this.#hasStoppedAtEntry = true
    for (const breakpointId of this.#breakpoints) this.#sendCommand('Debugger.removeBreakpoint', { breakpointId })
    this.#breakpoints = []
  }

  #forward(text: string): void {
    const message = JSON.parse(text) as ProtocolMessage
    if (message.method === 'Runtime.runIfWaitingForDebugger') this.#readyMessageId = message.id
    const isBlackboxing = message.method === 'Debugger.setBlackboxPatterns'
    this.#dispatch(message.id, isBlackboxing ? JSON.stringify(addInternalScripts(message)) : text)
    if (message.method === 'Debugger.enable') this.#prepareDebugger()
  }

  /** Hides internal scripts, and sets our own breakpoints. */
  #prepareDebugger(): void {
    this.#sendCommand('Debugger.setBlackboxPatterns', { patterns: [internalScripts] })
    if (this.#hasStoppedAtEntry) return
    for (const { url, breakpoints = [] } of this.#options.rules) {
      for (const { line, column } of breakpoints) {
        this.#sendCommand('Debugger.setBreakpointByUrl', { url, lineNumber: line, columnNumber: column })
      }
    }
  }

  /** Sends a message of our own, and waits for its answer. */
  #sendCommand(method: string, params: object = {}): void {
    const id = ++this.#lastOwnId
    this.#dispatch(id, JSON.stringify({ id, method, params }))
  }

  /** Sends a message of our own without waiting for its answer. */
  #dispatchOwn(method: string): void {
    if (this.#state.kind !== 'open') return
    this.#state.inspector.dispatchProtocolMessage(JSON.stringify({ id: ++this.#lastOwnId, method }))
  }

  #dispatch(id: number | undefined, text: string): void {
    if (this.#state.kind !== 'open') return
    // V8 answers no other id.
    if (Number.isInteger(id)) this.#waker.noteMessage(id!)
    this.#state.inspector.dispatchProtocolMessage(text)
  }
}

function addInternalScripts(message: ProtocolMessage): ProtocolMessage {
  return { ...message, params: { ...message.params, patterns: [...(message.params?.patterns ?? []), internalScripts] } }
}
