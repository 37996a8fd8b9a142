import { Socket } from './net/socket.ts'
import { refuseServer } from '../../guest/node/refuse-server.ts'
import { readConnectArguments } from './net/arguments.ts'
import { checkServerIdentity } from './tls/check-server-identity.ts'
import { type TlsOptions, TLSSocket } from './tls/tls-socket.ts'

function connect(...args: unknown[]): TLSSocket {
  const { options, listener } = readConnectArguments<TlsOptions>(args)
  const socket = options.socket ?? new Socket(options).connect(options)
  const tlsSocket = new TLSSocket(socket, options)
  if (listener !== undefined) tlsSocket.once('secureConnect', listener)
  return tlsSocket
}

/** Keeps its options; the host creates the context. */
const createSecureContext = (options: object = {}): object => ({ context: {}, ...options })

const DEFAULT_MIN_VERSION = 'TLSv1.2'
const DEFAULT_MAX_VERSION = 'TLSv1.3'
const rootCertificates: readonly string[] = []

export { DEFAULT_MAX_VERSION, DEFAULT_MIN_VERSION, TLSSocket, rootCertificates }
export { checkServerIdentity, connect, createSecureContext }
export { refuseServer as createServer, refuseServer as Server }
