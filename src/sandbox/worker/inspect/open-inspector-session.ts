import type ivm from 'isolated-vm'

/**
 * Opens a session with an isolate's inspector. No code may be running in the isolate.
 *
 * The V8 of Node.js 26 aborts the process if the thread that connects has not entered the isolate, and isolated-vm 7.0.1 does
 * not enter it. So the isolate calls a function that connects.
 */
export function openInspectorSession(isolate: ivm.Isolate): ivm.InspectorSession {
  const sessions: ivm.InspectorSession[] = []
  const context = isolate.createContextSync()
  context.evalClosureSync('$0()', [() => void sessions.push(isolate.createInspectorSession())])
  context.release()
  const [session] = sessions
  if (session === undefined) throw new Error('the isolate did not call the function that connects to its inspector')
  return session
}
