import type { Duplex } from 'stream'
import { type WireSecure, type WireSecured, contextOptions } from '../../connection-messages.ts'
import type { ConnectOptions } from '../net/arguments.ts'
import type { Link } from '../net/link.ts'
import { Socket } from '../net/socket.ts'
import { checkServerIdentity } from './check-server-identity.ts'
import { openTunnel } from './tunnel.ts'

export interface TlsOptions extends ConnectOptions {
  /** Any stream will do. */
  readonly socket?: Duplex
  readonly servername?: string
  readonly rejectUnauthorized?: boolean
  readonly checkServerIdentity?: (host: string, certificate: object) => Error | undefined
  readonly ALPNProtocols?: readonly string[]
  /** What `createSecureContext` made. */
  readonly secureContext?: Readonly<Record<string, unknown>>
  readonly [contextOption: string]: unknown
}

type Wanted = Omit<WireSecure, 'socket'>

/** A socket that speaks TLS: the host does, with certificates that it checks. */
export class TLSSocket extends Socket {
  readonly encrypted = true
  authorized = false
  authorizationError: string | null = null
  alpnProtocol: string | false | null = null
  servername: string | false = false
  #facts: WireSecured | undefined
  #secured: Link | undefined

  constructor(socket: Duplex, options: TlsOptions = {}) {
    super()
    const wanted = wireOf(options)
    this.servername = wanted.servername ?? false
    this.connecting = true
    // Whatever becomes of one becomes of the other.
    this.once('close', () => socket.destroy())
    socket.once('error', (error: Error) => this.destroy(error))
    socket.once('close', () => this.destroy())
    if (socket instanceof Socket) socket.whenOpen(() => this.#overSocket(socket, options, wanted))
    else this.#overStream(socket, options, wanted)
  }

  getPeerCertificate(): object {
    const { raw, ...facts } = this.#facts?.certificate ?? {}
    return raw === undefined ? facts : { ...facts, raw: Buffer.from(raw, 'base64') }
  }
  getProtocol(): string | null {
    return this.#facts?.protocol ?? null
  }
  getCipher(): object {
    return this.#facts?.cipher ?? {}
  }
  getSession(): undefined {
    return undefined
  }
  setMaxSendFragment(bytes: number): boolean {
    return this.#secured?.setFragment(bytes) ?? false
  }
  isSessionReused(): boolean {
    return false
  }

  #overStream(stream: Duplex, options: TlsOptions, wanted: Wanted): void {
    openTunnel(stream, (error, link) => {
      if (this.destroyed) link.destroy()
      else if (error === null) this.#secure(link, options, wanted)
      else this.destroy(error)
    })
  }

  #overSocket(socket: Socket, options: TlsOptions, wanted: Wanted): void {
    const link = this.destroyed ? undefined : socket.takeLink()
    if (link === undefined) return
    const { remoteAddress, remotePort, remoteFamily, localAddress, localPort } = socket
    Object.assign(this, { remoteAddress, remotePort, remoteFamily, localAddress, localPort })
    this.#secure(link, options, wanted)
  }

  #secure(link: Link, options: TlsOptions, wanted: Wanted): void {
    this.#secured = link
    this.adopt(link)
    link.secure(wanted, (error, facts) => {
      if (this.destroyed) return
      const refusal = error ?? this.#misidentified(options, wanted, facts)
      if (refusal != null) this.destroy(refusal)
      else this.#stands(facts)
    })
  }

  /** What the rule's own look at the certificate says. */
  #misidentified(options: TlsOptions, { host }: { host: string }, facts?: WireSecured): Error | undefined {
    this.#facts = facts
    const check = options.checkServerIdentity
    return check === undefined ? undefined : check(host, this.getPeerCertificate())
  }

  #stands(facts: WireSecured | undefined): void {
    this.authorized = facts?.authorized ?? false
    this.authorizationError = facts?.authorizationError ?? null
    this.alpnProtocol = facts?.alpnProtocol ?? false
    this.opened()
    this.emit('secure')
    this.emit('secureConnect')
    if (!this.destroyed && !this.isPaused()) this.read(0)
  }
}

function wireOf(options: TlsOptions): Wanted {
  const { servername, host, rejectUnauthorized = true, ALPNProtocols = [], secureContext = {} } = options
  const all = { ...secureContext, ...options }
  const context: Record<string, string | readonly string[]> = {}
  for (const name of contextOptions) {
    const value = all[name]
    if (value != null) context[name] = Array.isArray(value) ? value.map(pem) : pem(value)
  }
  return {
    host: servername || (host ?? 'localhost'),
    ...(servername === undefined || servername === '' ? {} : { servername }),
    rejectUnauthorized,
    checksHost: options.checkServerIdentity === undefined || options.checkServerIdentity === checkServerIdentity,
    alpnProtocols: ALPNProtocols.map(String),
    context,
  }
}

/** Keys and certificates are PEM, as a text or its bytes; other options of a context are texts anyway. */
function pem(value: unknown): string {
  if (typeof value === 'string') return value
  if (ArrayBuffer.isView(value)) return Buffer.from(value as Uint8Array).toString('utf8')
  throw new TypeError('a key or certificate of a rule is a text in PEM, or its bytes')
}
