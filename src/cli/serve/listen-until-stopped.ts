import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import { type ListenOptions, type Listener, listen } from '../../http/listen.ts'

/**
 * Listens until the process is told to stop; answers the exit code. `ready` is called when connections are accepted, and
 * `ending` before the last of them are waited for.
 */
export async function listenUntilStopped(
  options: ListenOptions,
  ready: () => void,
  ending: () => Promise<void>,
): Promise<number> {
  const listener = await listen(options).catch(tellWhyNot)
  if (listener !== undefined) {
    // Whoever reads that it is ready may stop it at once.
    const stopped = waitForStop()
    ready()
    await stopped
  }
  await ending()
  await listener?.close()
  return listener === undefined ? 1 : 0
}

/** A port that is taken is nobody's wrong usage. */
function tellWhyNot(error: unknown): Listener | undefined {
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
