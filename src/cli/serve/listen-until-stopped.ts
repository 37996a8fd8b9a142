import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import { type ListenOptions, type HttpListener, listen } from '../../http/listen.ts'

/**
 * Listens until SIGINT or SIGTERM; resolves to the exit code.
 *
 * `onReady` is called once connections are accepted, and `onEnding` before the last of them are awaited.
 */
export async function listenUntilStopped(
  options: ListenOptions,
  onReady: () => void,
  onEnding: () => Promise<void>,
): Promise<number> {
  const listener = await listen(options).catch(reportListenError)
  if (listener !== undefined) {
    // Before `onReady`: a program that reads its message may stop this process at once.
    const stopSignal = waitForStop()
    onReady()
    await stopSignal
  }
  await onEnding()
  await listener?.close()
  return listener === undefined ? 1 : 0
}

/** Prints why it cannot listen. A port in use is not wrong usage. */
function reportListenError(error: unknown): HttpListener | undefined {
  if (!(error instanceof ClaimsmithError)) throw error
  process.stderr.write(`claimsmith: ${error.message}\n`)
  return undefined
}

function waitForStop(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve())
    process.once('SIGTERM', () => resolve())
  })
}
