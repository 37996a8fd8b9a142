import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import { type ListenOptions, type HttpListener, listen } from '../../http/listen.ts'

/**
 * Listens until the process is told to stop; answers the exit code. `ready` is called when connections are accepted, and
 * `ending` before the last of them are waited for.
 */
export async function listenUntilStopped(
  options: ListenOptions,
  onReady: () => void,
  onEnding: () => Promise<void>,
): Promise<number> {
  const listener = await listen(options).catch(reportListenError)
  if (listener !== undefined) {
    // Whoever reads that it is ready may stop it at once.
    const stopSignal = waitForStop()
    onReady()
    await stopSignal
  }
  await onEnding()
  await listener?.close()
  return listener === undefined ? 1 : 0
}

/** A port that is taken is nobody's wrong usage. */
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
