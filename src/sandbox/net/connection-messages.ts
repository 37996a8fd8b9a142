/** What crosses between a rule's sockets and the worker, which makes the connections. A connection's number is that of the op that opened it. */

export interface WireConnect {
  readonly host: string
  readonly port: number
}

/**
 * TLS over a stream of the rule's own: one end, where it is spoken in the clear, and the other, where the rule finds what
 * goes over the stream.
 */
export type WireTunnel = { readonly tunnel: 'clear' } | { readonly tunnel: 'sealed'; readonly clearEnd: number }

/** Both ends of a connection that stands. */
export interface WireAddresses {
  readonly remoteAddress: string
  readonly remotePort: number
  readonly remoteFamily: string
  readonly localAddress: string
  readonly localPort: number
}

/** Options of a secure context that are texts, or lists of them. Others of Node's load code of the machine. */
export const tlsContextOptions: readonly string[] = [
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

/** What TLS is to be spoken with; keys and certificates are PEM. */
export interface WireTlsOptions {
  readonly socket: number
  /** Whom the certificate is to name. */
  readonly host: string
  readonly servername?: string
  /** Whether a certificate that is not trusted ends the connection. */
  readonly rejectUnauthorized: boolean
  /** Whether the certificate must name the host; otherwise the rule looks at it itself. */
  readonly isHostChecked: boolean
  readonly alpnProtocols: readonly string[]
  /** Options of Node's `tls.createSecureContext` that are texts, by their names there. */
  readonly context: Readonly<Record<string, string | readonly string[]>>
}

export interface WireTlsSession {
  readonly authorized: boolean
  readonly authorizationError?: string
  readonly alpnProtocol: string | false
  readonly protocol: string | null
  readonly cipher: object
  readonly certificate: WireCertificate
}

/** The other side's certificate, as Node shows it; the bytes are base64. */
export type WireCertificate = Readonly<Record<string, unknown>> & { readonly raw?: string }

/** Whether the host can take more now, or tells by the op `socket.drain` when it can. */
export type WireWriteState = 'open' | 'full'

/** A question to the name server. */
export interface WireResolve {
  readonly name: string
  readonly type: keyof WireRecords
}

export interface WireRecords {
  /** Addresses, of either family, that rules may connect to. */
  readonly ADDRESS: readonly string[]
  readonly SRV: readonly {
    readonly name: string
    readonly port: number
    readonly priority: number
    readonly weight: number
  }[]
  readonly TXT: readonly (readonly string[])[]
}
