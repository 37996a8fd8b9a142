import type ivm from 'isolated-vm'
import type { ProgramRule } from '../../wire/protocol.ts'

/** A debugger that looks into an isolate. */
export interface Debugging {
  /** Takes what the debugger says, in the Chrome DevTools Protocol; undefined when it has gone. */
  take(message: string | undefined): void
  /** Says nothing more to the isolate, which is going. */
  stop(): void
}

export interface DebuggingOptions {
  readonly openSession: () => ivm.InspectorSession
  /** Where to stop once, of these rules. */
  readonly rules: readonly Pick<ProgramRule, 'url' | 'entries'>[]
  readonly post: (message: string) => void
  /** The debugger is ready: logins may begin. */
  readonly onReady: () => void
}

interface Message {
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
const ourScripts = '^claimsmith:guest$'

/** Lets a debugger into an isolate: it steps through rules, and past what is ours, and stops where the first rule begins. */
export function startDebugging({ openSession, rules, post, onReady }: DebuggingOptions): Debugging {
  let session: ivm.InspectorSession | undefined
  let lastOwnId = firstOwnId
  let stopped = false
  let ready: number | undefined
  let breakpoints: string[] = []
  const unanswered = new Set<number>()
  let waking: NodeJS.Timeout | undefined
  let isStopped = false

  function open(): ivm.InspectorSession {
    const opened = openSession()
    opened.onResponse = (id, text) => {
      unanswered.delete(id)
      if (unanswered.size === 0) stopWaking()
      if (id > firstOwnId) noteBreakpoint(JSON.parse(text) as Message)
      else post(text)
      if (id === ready) onReady()
    }
    opened.onNotification = (text) => {
      // The one stop of ours is over, wherever it was.
      if (!stopped && text.startsWith('{"method":"Debugger.paused"')) removeBreakpoints()
      post(text)
    }
    return opened
  }

  function noteBreakpoint({ result }: Message): void {
    if (result?.breakpointId !== undefined) breakpoints.push(result.breakpointId)
  }

  function removeBreakpoints(): void {
    stopped = true
    for (const breakpointId of breakpoints) say('Debugger.removeBreakpoint', { breakpointId })
    breakpoints = []
  }

  function say(method: string, params: object = {}): void {
    const id = ++lastOwnId
    dispatch(id, JSON.stringify({ id, method, params }))
  }

  function dispatch(id: number | undefined, text: string): void {
    if (session === undefined) return
    // V8 answers no other id.
    if (Number.isInteger(id)) {
      unanswered.add(id!)
      waking ??= setInterval(wake, wakeIntervalMs).unref()
    }
    session.dispatchProtocolMessage(text)
  }

  function wake(): void {
    session?.dispatchProtocolMessage(JSON.stringify({ id: ++lastOwnId, method: 'Runtime.getIsolateId' }))
  }

  function stopWaking(): void {
    clearInterval(waking)
    waking = undefined
  }

  function hear(text: string): void {
    const message = JSON.parse(text) as Message
    if (message.method === 'Runtime.runIfWaitingForDebugger') ready = message.id
    dispatch(
      message.id,
      message.method === 'Debugger.setBlackboxPatterns' ? JSON.stringify(withOurScripts(message)) : text,
    )
    if (message.method !== 'Debugger.enable') return
    say('Debugger.setBlackboxPatterns', { patterns: [ourScripts] })
    if (stopped) return
    for (const { url, entries = [] } of rules) {
      for (const { line, column } of entries) {
        say('Debugger.setBreakpointByUrl', { url, lineNumber: line, columnNumber: column })
      }
    }
  }

  return {
    take(message) {
      if (isStopped) return
      if (message === undefined) {
        // Disabled, a debugger lets go of what it stopped. The session stays: V8 may crash where one is taken from under a stop.
        for (const domain of ['Debugger', 'Runtime', 'Profiler', 'HeapProfiler']) say(`${domain}.disable`)
        breakpoints = []
        return
      }
      session ??= open()
      hear(message)
    },
    stop() {
      isStopped = true
      stopWaking()
      session = undefined
    },
  }
}

function withOurScripts(message: Message): Message {
  return { ...message, params: { ...message.params, patterns: [...(message.params?.patterns ?? []), ourScripts] } }
}
