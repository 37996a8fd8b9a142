import { HostCallError } from '../host-call-error.ts'
import type { SocketOptions, Sockets } from './sockets.ts'

/** Loads the code of connections with the first one: few rules open any. */
export function createLazySockets(options: SocketOptions): Sockets {
  let loading: Promise<Sockets> | undefined
  let loadedSockets: Sockets | undefined

  async function loadOnce(): Promise<Sockets> {
    loading ??= import('./sockets.ts').then(({ createSockets }) => createSockets(options))
    loadedSockets = await loading
    return loadedSockets
  }

  return {
    begin(name, request, settle) {
      if (loadedSockets !== undefined) return loadedSockets.begin(name, request, settle)
      let stop: (() => void) | undefined
      let isStopped = false
      void loadOnce().then((sockets) => {
        if (isStopped || [...request.waiters].every((run) => run.isFinished)) return
        try {
          stop = sockets.begin(name, request, settle)
        } catch (error) {
          const { code, message } = error as HostCallError
          settle(false, JSON.stringify({ code, message }))
        }
      })
      return () => {
        isStopped = true
        stop?.()
      }
    },
    callSync(name, input, callers) {
      if (loadedSockets === undefined) throw new HostCallError('ENOTCONN', 'there is no such connection')
      return loadedSockets.callSync(name, input, callers)
    },
    removeRun: (run) => loadedSockets?.removeRun(run),
  }
}

/** For an embedder that answers requests itself: there is no network to connect to. */
export const noSockets: Sockets = {
  begin() {
    const message =
      'network.fetch answers HTTP requests only, so rules cannot open connections; offer what they need of a database as a host module'
    throw new HostCallError('NETWORK_REFUSED', message)
  },
  callSync: (name) => {
    throw new HostCallError('ENOTCONN', `there is no connection for ${name}`)
  },
  removeRun: () => undefined,
}
