/**
 * Connects a debugger to the rules, with messages of the Chrome DevTools Protocol.
 *
 * @example
 * createEngine({ rules, inspector: { connect: (send) => socket.on('message', send), onMessage: (text) => socket.send(text) } })
 */
export interface InspectorPort {
  /** Called once. `send` takes a message of the debugger, or undefined after it has disconnected. */
  connect(send: (message: string | undefined) => void): void
  /** Gets the messages of the rules' inspector. */
  readonly onMessage: (message: string) => void
}
