import type { WireSecure, WireSecured } from '../../../connection.ts'
import type { ConnectOptions } from '../net/arguments.ts'
import { Socket } from '../net/socket.ts'
import { checkServerIdentity } from './check-server-identity.ts'

export interface TlsOptions extends ConnectOptions {
  readonly socket?: Socket
  readonly servername?: string
  readonly rejectUnauthorized?: boolean
  readonly checkServerIdentity?: (host: string, certificate: object) => Error | undefined
  readonly ALPNProtocols?: readonly string[]
  /** What `createSecureContext` made. */
  readonly secureContext?: Readonly<Record<string, unknown>>
  readonly [contextOption: string]: unknown
}

/** Options of a secure context that are texts; certificates may be lists of them. */
const contextOptions = [
  'ca',
  'cert',
  'key',
  'passphrase',
  'ciphers',
  'ecdhCurve',
  'sigalgs',
  'minVersion',
  'maxVersion',
]

/** A socket that speaks TLS: the host does, with certificates that it checks. */
export class TLSSocket extends Socket {
  readonly encrypted = true
  authorized = false
  authorizationError: string | null = null
  alpnProtocol: string | false | null = null
  servername: string | false = false
  #facts: WireSecured | undefined

  constructor(socket: Socket, options: TlsOptions = {}) {
    super()
    const wanted = wireOf(options)
    this.servername = wanted.servername ?? false
    this.connecting = true
    // Whatever becomes of one becomes of the other.
    this.once('close', () => socket.destroy())
    socket.once('error', (error: Error) => this.destroy(error))
    socket.once('close', () => this.destroy())
    socket.whenOpen(() => this.#secure(socket, options, wanted))
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
  isSessionReused(): boolean {
    return false
  }

  #secure(socket: Socket, options: TlsOptions, wanted: Omit<WireSecure, 'socket'>): void {
    if (this.destroyed) return
    const link = socket.takeLink()
    if (link === undefined) return
    const { remoteAddress, remotePort, remoteFamily, localAddress, localPort } = socket
    Object.assign(this, { remoteAddress, remotePort, remoteFamily, localAddress, localPort })
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

function wireOf(options: TlsOptions): Omit<WireSecure, 'socket'> {
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
