import type { Duplex } from 'stream'
import { type WireTlsOptions, type WireTlsSession, tlsContextOptions } from '../../connection-messages.ts'
import type { ConnectOptions } from '../net/arguments.ts'
import type { HostConnection } from '../net/host-connection.ts'
import { Socket } from '../net/socket.ts'
import { checkServerIdentity } from './check-server-identity.ts'
import { openTunnel } from './tunnel.ts'

export interface TlsOptions extends ConnectOptions {
  /** A socket, or any other stream. */
  readonly socket?: Duplex
  readonly servername?: string
  readonly rejectUnauthorized?: boolean
  readonly checkServerIdentity?: (host: string, certificate: object) => Error | undefined
  readonly ALPNProtocols?: readonly string[]
  /** The result of `createSecureContext`. */
  readonly secureContext?: Readonly<Record<string, unknown>>
  readonly [contextOption: string]: unknown
}

type SecureOptions = Omit<WireTlsOptions, 'socket'>

/** A TLS socket of Node. The host does TLS and verifies the certificates. */
export class TLSSocket extends Socket {
  readonly encrypted = true
  authorized = false
  authorizationError: string | null = null
  alpnProtocol: string | false | null = null
  servername: string | false = false
  #session: WireTlsSession | undefined
  #connection: HostConnection | undefined

  constructor(socket: Duplex, options: TlsOptions = {}) {
    super()
    const secureOptions = toSecureOptions(options)
    this.servername = secureOptions.servername ?? false
    this.connecting = true
    // Each socket closes with the other.
    this.once('close', () => socket.destroy())
    socket.once('error', (error: Error) => this.destroy(error))
    socket.once('close', () => this.destroy())
    if (socket instanceof Socket) socket.runWhenOpen(() => this.#overSocket(socket, options, secureOptions))
    else this.#overStream(socket, options, secureOptions)
  }

  getPeerCertificate(): object {
    const { raw, ...certificate } = this.#session?.certificate ?? {}
    return raw === undefined ? certificate : { ...certificate, raw: Buffer.from(raw, 'base64') }
  }
  getProtocol(): string | null {
    return this.#session?.protocol ?? null
  }
  getCipher(): object {
    return this.#session?.cipher ?? {}
  }
  getSession(): undefined {
    return undefined
  }
  setMaxSendFragment(bytes: number): boolean {
    return this.#connection?.setFragment(bytes) ?? false
  }
  isSessionReused(): boolean {
    return false
  }

  #overStream(stream: Duplex, options: TlsOptions, secureOptions: SecureOptions): void {
    openTunnel(stream, (error, connection) => {
      if (this.destroyed) connection.destroy()
      else if (error === null) this.#secure(connection, options, secureOptions)
      else this.destroy(error)
    })
  }

  #overSocket(socket: Socket, options: TlsOptions, secureOptions: SecureOptions): void {
    const connection = this.destroyed ? undefined : socket.takeConnection()
    if (connection === undefined) return
    const { remoteAddress, remotePort, remoteFamily, localAddress, localPort } = socket
    Object.assign(this, { remoteAddress, remotePort, remoteFamily, localAddress, localPort })
    this.#secure(connection, options, secureOptions)
  }

  #secure(connection: HostConnection, options: TlsOptions, secureOptions: SecureOptions): void {
    this.#connection = connection
    this.adopt(connection)
    connection.secure(secureOptions, (error, session) => {
      if (this.destroyed) return
      const secureError = error ?? this.#checkIdentity(options, secureOptions, session)
      if (secureError != null) this.destroy(secureError)
      else this.#markOpen(session)
    })
  }

  /** Runs the rule's own check of the certificate. */
  #checkIdentity(options: TlsOptions, { host }: { host: string }, session?: WireTlsSession): Error | undefined {
    this.#session = session
    const check = options.checkServerIdentity
    return check === undefined ? undefined : check(host, this.getPeerCertificate())
  }

  #markOpen(session: WireTlsSession | undefined): void {
    this.authorized = session?.authorized ?? false
    this.authorizationError = session?.authorizationError ?? null
    this.alpnProtocol = session?.alpnProtocol ?? false
    this.markOpen()
    this.emit('secure')
    this.emit('secureConnect')
    if (!this.destroyed && !this.isPaused()) this.read(0)
  }
}

function toSecureOptions(options: TlsOptions): SecureOptions {
  const { servername, host, rejectUnauthorized = true, ALPNProtocols = [], secureContext = {} } = options
  const all = { ...secureContext, ...options }
  const context: Record<string, string | readonly string[]> = {}
  for (const name of tlsContextOptions) {
    const value = all[name]
    if (value != null) context[name] = Array.isArray(value) ? value.map(toPem) : toPem(value)
  }
  return {
    host: servername || (host ?? 'localhost'),
    ...(servername === undefined || servername === '' ? {} : { servername }),
    rejectUnauthorized,
    isHostChecked: options.checkServerIdentity === undefined || options.checkServerIdentity === checkServerIdentity,
    alpnProtocols: ALPNProtocols.map(String),
    context,
  }
}

/** Reads a key or certificate, which is PEM as a text or its bytes. */
function toPem(value: unknown): string {
  if (typeof value === 'string') return value
  if (ArrayBuffer.isView(value)) return Buffer.from(value as Uint8Array).toString('utf8')
  throw new TypeError('a key or certificate must be PEM, as a text or its bytes')
}
