import { FetchRefusal } from '../fetch-refusal.ts'
import type { SocketOptions, Sockets } from './sockets.ts'

/** Connections whose code is loaded when the first login wants one; few ever do. */
export function lazySockets(options: SocketOptions): Sockets {
  let loading: Promise<Sockets> | undefined
  let loaded: Sockets | undefined

  async function loadOnce(): Promise<Sockets> {
    loading ??= import('./sockets.ts').then(({ createSockets }) => createSockets(options))
    loaded = await loading
    return loaded
  }

  return {
    begin(name, asked, settle) {
      if (loaded !== undefined) return loaded.begin(name, asked, settle)
      let stop: (() => void) | undefined
      let stopped = false
      void loadOnce().then((sockets) => {
        if (stopped || [...asked.waiting].every(({ books }) => books.ended)) return
        try {
          stop = sockets.begin(name, asked, settle)
        } catch (error) {
          const { code, message } = error as FetchRefusal
          settle(false, JSON.stringify({ code, message }))
        }
      })
      return () => {
        stopped = true
        stop?.()
      }
    },
    now(name, input, askers) {
      if (loaded === undefined) throw new FetchRefusal('ENOTCONN', 'there is no such connection')
      return loaded.now(name, input, askers)
    },
    leave: (login) => loaded?.leave(login),
  }
}

/** Where the embedder answers requests itself there is no network to connect to. */
export const noSockets: Sockets = {
  begin() {
    const message =
      'the network option is a function, which answers requests of HTTP: rules cannot open connections; offer what they need of a database as a host module'
    throw new FetchRefusal('NETWORK_REFUSED', message)
  },
  now: (name) => {
    throw new FetchRefusal('ENOTCONN', `there is no connection for ${name}`)
  },
  leave: () => undefined,
}
