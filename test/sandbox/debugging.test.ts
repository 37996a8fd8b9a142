import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { DebugSession } from '../../src/sandbox/worker/inspect/debug-session.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** A debugger on an isolate that answers when the test says so, as one does that has missed a message. */
function openDebugger() {
  const sent: { readonly id: unknown; readonly method: string }[] = []
  const session = {
    dispatchProtocolMessage: (text: string) => void sent.push(JSON.parse(text) as (typeof sent)[number]),
    onResponse: (_id: number, _text: string): void => undefined,
    onNotification: (_text: string): void => undefined,
    dispose: (): void => undefined,
  }
  const debugging = new DebugSession({
    openInspectorSession: () => session,
    rules: [],
    post: () => undefined,
    onReady: () => undefined,
  })
  return {
    debugging,
    say: (id: unknown, method: string) => debugging.receive(JSON.stringify({ id, method })),
    answer: (id: number) => session.onResponse(id, JSON.stringify({ id, result: {} })),
    methods: () => sent.map(({ method }) => method),
  }
}

test('a message that is not answered is followed by others, which wake the isolate, until it is answered', () => {
  const { say, answer, methods } = openDebugger()
  say(1, 'Debugger.resume')
  vi.advanceTimersByTime(120)
  expect(methods()).toEqual(['Debugger.resume', 'Runtime.getIsolateId', 'Runtime.getIsolateId'])
  answer(1)
  vi.advanceTimersByTime(1_000)
  expect(methods()).toHaveLength(3)
})

test('a message whose id V8 does not answer is followed by none once the others are answered', () => {
  const { say, answer, methods } = openDebugger()
  say('x', 'Debugger.pause')
  say(1, 'Debugger.resume')
  answer(1)
  vi.advanceTimersByTime(1_000)
  expect(methods()).toEqual(['Debugger.pause', 'Debugger.resume'])
})

test('an isolate that is going is told nothing more', () => {
  const { debugging, say, methods } = openDebugger()
  say(1, 'Debugger.resume')
  debugging.stop()
  say(2, 'Debugger.pause')
  vi.advanceTimersByTime(1_000)
  expect(methods()).toEqual(['Debugger.resume'])
})
