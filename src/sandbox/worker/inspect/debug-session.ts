import type ivm from 'isolated-vm'
import type { ProgramRule } from '../../wire/protocol.ts'

/** A debugger that looks into an isolate. */
export interface DebugSession {
  /** Takes what the debugger says, in the Chrome DevTools Protocol; undefined when it has gone. */
  receive(message: string | undefined): void
  /** Says nothing more to the isolate, which is going. */
  stop(): void
}

export interface DebugSessionOptions {
  readonly openInspectorSession: () => ivm.InspectorSession
  /** Where to stop once, of these rules. */
  readonly rules: readonly Pick<ProgramRule, 'url' | 'breakpoints'>[]
  readonly post: (message: string) => void
  /** The debugger is ready: logins may begin. */
  readonly onReady: () => void
}

interface ProtocolMessage {
  readonly id?: number
  readonly method?: string
  readonly params?: { readonly patterns?: readonly string[] }
  readonly result?: { readonly breakpointId?: string }
}

/** Messages of our own have ids that no debugger gets to. */
const firstOwnId = 1_000_000_000
/**
 * isolated-vm waits on a condition variable without a predicate while a debugger holds an isolate up: it misses a message
 * that comes just before it waits, until another one wakes it. So as long as an answer is missing, one is sent this often.
 */
const wakeIntervalMs = 50
/** What rules are run by is not for those who look for faults in rules. */
const internalScripts = '^claimsmith:guest$'

/** Lets a debugger into an isolate: it steps through rules, and past what is ours, and stops where the first rule begins. */
export function startDebugSession({ openInspectorSession, rules, post, onReady }: DebugSessionOptions): DebugSession {
  let session: ivm.InspectorSession | undefined
  let lastOwnId = firstOwnId
  let hasStoppedAtEntry = false
  let readyMessageId: number | undefined
  let breakpoints: string[] = []
  const unansweredIds = new Set<number>()
  let wakeTimer: NodeJS.Timeout | undefined
  let isStopped = false

  function openSession(): ivm.InspectorSession {
    const newSession = openInspectorSession()
    newSession.onResponse = (id, text) => {
      unansweredIds.delete(id)
      if (unansweredIds.size === 0) stopWaking()
      if (id > firstOwnId) addBreakpoint(JSON.parse(text) as ProtocolMessage)
      else post(text)
      if (id === readyMessageId) onReady()
    }
    newSession.onNotification = (text) => {
      // The one stop of ours is over, wherever it was.
      if (!hasStoppedAtEntry && text.startsWith('{"method":"Debugger.paused"')) removeBreakpoints()
      post(text)
    }
    return newSession
  }

  function addBreakpoint({ result }: ProtocolMessage): void {
    if (result?.breakpointId !== undefined) breakpoints.push(result.breakpointId)
  }

  function removeBreakpoints(): void {
    hasStoppedAtEntry = true
    for (const breakpointId of breakpoints) sendCommand('Debugger.removeBreakpoint', { breakpointId })
    breakpoints = []
  }

  function sendCommand(method: string, params: object = {}): void {
    const id = ++lastOwnId
    dispatch(id, JSON.stringify({ id, method, params }))
  }

  function dispatch(id: number | undefined, text: string): void {
    if (session === undefined) return
    // V8 answers no other id.
    if (Number.isInteger(id)) {
      unansweredIds.add(id!)
      wakeTimer ??= setInterval(wake, wakeIntervalMs).unref()
    }
    session.dispatchProtocolMessage(text)
  }

  function wake(): void {
    session?.dispatchProtocolMessage(JSON.stringify({ id: ++lastOwnId, method: 'Runtime.getIsolateId' }))
  }

  function stopWaking(): void {
    clearInterval(wakeTimer)
    wakeTimer = undefined
  }

  function forwardMessage(text: string): void {
    const message = JSON.parse(text) as ProtocolMessage
    if (message.method === 'Runtime.runIfWaitingForDebugger') readyMessageId = message.id
    dispatch(
      message.id,
      message.method === 'Debugger.setBlackboxPatterns' ? JSON.stringify(addInternalScripts(message)) : text,
    )
    if (message.method !== 'Debugger.enable') return
    sendCommand('Debugger.setBlackboxPatterns', { patterns: [internalScripts] })
    if (hasStoppedAtEntry) return
    for (const { url, breakpoints: entries = [] } of rules) {
      for (const { line, column } of entries) {
        sendCommand('Debugger.setBreakpointByUrl', { url, lineNumber: line, columnNumber: column })
      }
    }
  }

  return {
    receive(message) {
      if (isStopped) return
      if (message === undefined) {
        // Disabled, a debugger lets go of what it stopped. The session stays: V8 may crash where one is taken from under a stop.
        for (const domain of ['Debugger', 'Runtime', 'Profiler', 'HeapProfiler']) sendCommand(`${domain}.disable`)
        breakpoints = []
        return
      }
      session ??= openSession()
      forwardMessage(message)
    },
    stop() {
      isStopped = true
      stopWaking()
      session = undefined
    },
  }
}

function addInternalScripts(message: ProtocolMessage): ProtocolMessage {
  return { ...message, params: { ...message.params, patterns: [...(message.params?.patterns ?? []), internalScripts] } }
}
