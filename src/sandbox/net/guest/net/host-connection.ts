import type {
  WireConnect,
  WireAddresses,
  WireTlsOptions,
  WireTlsSession,
  WireTunnel,
} from '../../connection-messages.ts'
import { native } from '../../../guest/node/native.ts'
import { type HostFailure, toConnectError, toHostError } from '../../../guest/node/system-error.ts'

type Done<Result> = (error: Error | null, result?: Result) => void

/** The most bytes that one host call takes. */
const maxWriteBytes = 128 * 1024

/** A connection of the host, as a socket uses it. */
export interface HostConnection {
  readonly number: number
  /** Calls back with received bytes as soon as there are any; with nothing at the end. */
  read(done: Done<Buffer>): void
  /** Calls back when the host can take more. */
  write(bytes: Buffer, done: Done<never>): void
  secure(options: Omit<WireTlsOptions, 'socket'>, done: Done<WireTlsSession>): void
  /** Sets the largest TLS record of a TLS connection. */
  setFragment(bytes: number): boolean
  end(): void
  destroy(): void
}

/** Asks the host for a connection, or for one end of a tunnel. It may be destroyed before it is established. */
export function openHostConnection(to: WireConnect | WireTunnel, onConnect: Done<WireAddresses>): HostConnection {
  let readOp: number | undefined
  let isConnecting = true
  const name = 'tunnel' in to ? 'socket.tunnel' : 'socket.connect'
  const socket = begin(name, JSON.stringify(to), (failure, text) => {
    isConnecting = false
    if (failure === undefined) onConnect(null, JSON.parse(text) as WireAddresses)
    else onConnect('tunnel' in to ? toHostError(failure) : toConnectError(failure, to.host, to.port))
  })
  let isDestroyed = socket === 0

  function callSocket(what: string, argument = ''): string {
    return native.ops.ask(what, `${socket}${argument}`)
  }

  function stopReading(): void {
    if (readOp !== undefined) native.ops.cancel(readOp)
    readOp = undefined
  }

  return {
    number: socket,
    read(done) {
      readOp = begin('socket.read', `${socket}`, (failure, text) => {
        readOp = undefined
        if (failure !== undefined) done(toHostError(failure))
        else if (text === '') done(null)
        else done(null, Buffer.from(text, 'base64'))
      })
    },
    write(bytes, done) {
      let at = 0
      const next = (failure?: HostFailure): void => {
        if (failure !== undefined) {
          done(toHostError(failure))
          return
        }
        while (at < bytes.length) {
          const part = bytes.subarray(at, at + maxWriteBytes)
          at += part.length
          if (callSocket('socket.write', ` ${part.toString('base64')}`) === 'open') continue
          begin('socket.drain', `${socket}`, next)
          return
        }
        done(null)
      }
      try {
        next()
      } catch (error) {
        done(error as Error)
      }
    },
    secure(options, done) {
      stopReading()
      begin('socket.secure', JSON.stringify({ socket, ...options } satisfies WireTlsOptions), (failure, text) => {
        if (failure === undefined) done(null, JSON.parse(text) as WireTlsSession)
        else done(toHostError(failure))
      })
    },
    setFragment: (bytes) => callSocket('socket.fragment', ` ${bytes}`) === 'true',
    end: () => void callSocket('socket.end'),
    destroy() {
      if (isDestroyed) return
      isDestroyed = true
      stopReading()
      if (isConnecting) {
        native.ops.cancel(socket)
        return
      }
      try {
        callSocket('socket.destroy')
      } catch {
        // It is closed already.
      }
    },
  }
}

/** Starts an op. An error that the host returns at once is passed on in a later turn, as every other. */
function begin(name: string, input: string, done: (failure: HostFailure | undefined, text: string) => void): number {
  try {
    return native.ops.beginWith(name, input, (ok, text) => {
      if (ok) done(undefined, text)
      else done(JSON.parse(text) as HostFailure, '')
    })
  } catch (error) {
    const { code, message } = error as HostFailure
    queueMicrotask(() => done({ code, message }, ''))
    return 0
  }
}
