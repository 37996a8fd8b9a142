import { once } from 'node:events'
import { WebSocket } from 'ws'

/** Where a rule stands still; lines count from 1. */
export interface Pause {
  readonly url: string
  readonly line: number
  readonly functionName: string
  readonly callFrameId: string
}

/** A debugger that speaks the Chrome DevTools Protocol. */
export interface DevTools {
  call(method: string, params?: object): Promise<unknown>
  /** Says what Chrome says before anything runs, and lets it run. */
  begin(): Promise<void>
  /** The next pause, or the one that has come and was not asked for yet. */
  paused(): Promise<Pause>
  evaluate(at: Pause, expression: string): Promise<unknown>
  close(): Promise<void>
}

interface Message {
  readonly id?: number
  readonly method?: string
  readonly params?: never
  readonly result?: unknown
  readonly error?: { readonly message: string }
}

export async function connectDevTools(url: string): Promise<DevTools> {
  const socket = new WebSocket(url)
  await once(socket, 'open')
  const calls = new Map<number, (message: Message) => void>()
  const urls = new Map<string, string>()
  const pauses: Pause[] = []
  const waiting: ((pause: Pause) => void)[] = []
  let lastId = 0

  const events: Readonly<Record<string, (params: never) => void>> = {
    'Debugger.scriptParsed': ({ scriptId, url: name }: { scriptId: string; url: string }) => urls.set(scriptId, name),
    'Debugger.paused'({ callFrames: [frame] }: { callFrames: readonly [Frame] }) {
      const { scriptId, lineNumber } = frame.location
      const { functionName, callFrameId } = frame
      const pause = { url: urls.get(scriptId) ?? '', line: lineNumber + 1, functionName, callFrameId }
      const next = waiting.shift()
      if (next === undefined) pauses.push(pause)
      else next(pause)
    },
  }

  socket.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString()) as Message
    if (message.id === undefined) events[message.method ?? '']?.(message.params!)
    else calls.get(message.id)?.(message)
  })

  async function call(method: string, params: object = {}): Promise<unknown> {
    const id = ++lastId
    const answer = new Promise<Message>((resolve) => calls.set(id, resolve))
    socket.send(JSON.stringify({ id, method, params }))
    const { result, error } = await answer
    if (error !== undefined) throw new Error(`${method}: ${error.message}`)
    return result
  }

  return {
    call,
    async begin() {
      for (const method of ['Runtime.enable', 'Debugger.enable']) await call(method)
      await call('Debugger.setBlackboxPatterns', { patterns: ['/node_modules/'] })
      await call('Runtime.runIfWaitingForDebugger')
    },
    paused() {
      const pause = pauses.shift()
      return pause === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(pause)
    },
    async evaluate({ callFrameId }, expression) {
      const answer = await call('Debugger.evaluateOnCallFrame', { callFrameId, expression, returnByValue: true })
      return (answer as { readonly result: { readonly value: unknown } }).result.value
    },
    async close() {
      socket.close()
      await once(socket, 'close')
    },
  }
}

interface Frame {
  readonly functionName: string
  readonly callFrameId: string
  readonly location: { readonly scriptId: string; readonly lineNumber: number }
}
