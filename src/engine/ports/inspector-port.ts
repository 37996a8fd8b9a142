/** Stands between a debugger and the rules; messages are those of the Chrome DevTools Protocol. */
export interface InspectorPort {
  /** Called once; `send` takes what the debugger says, and undefined when it has gone. */
  connect(send: (message: string | undefined) => void): void
  /** Gets what the rules' inspector says. */
  readonly onMessage: (message: string) => void
}
