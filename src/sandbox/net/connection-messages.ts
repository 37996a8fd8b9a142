/** Data between a rule's sockets and the worker, which makes the connections. A connection's id is that of the operation that opened it. */

export interface WireConnect {
  readonly host: string
  readonly port: number
}

/**
 * TLS over a stream of the rule: it has two ends. The `clear` end carries plain text. The `sealed` end carries the encrypted
 * bytes, which the rule moves to and from its stream; `clearEnd` is the id of the other end.
 */
export type WireTunnel = { readonly tunnel: 'clear' } | { readonly tunnel: 'sealed'; readonly clearEnd: number }

/** Both ends of an open connection. */
export interface WireAddresses {
  readonly remoteAddress: string
  readonly remotePort: number
  readonly remoteFamily: string
  readonly localAddress: string
  readonly localPort: number
}

/** Options of a secure context whose values are strings, or lists of strings. Other options of Node load native code. */
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

/** Options of a TLS handshake; keys and certificates are PEM. */
export interface WireTlsOptions {
  readonly socket: number
  /** The host that the certificate must name. */
  readonly host: string
  readonly servername?: string
  /** Whether an untrusted certificate ends the connection. */
  readonly rejectUnauthorized: boolean
  /** Whether the certificate must name the host. If not, the rule checks the certificate itself. */
  readonly isHostChecked: boolean
  readonly alpnProtocols: readonly string[]
  /** Those of `tlsContextOptions`. */
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

/** The certificate of the peer, in the form of Node's `getPeerCertificate`; bytes are base64. */
export type WireCertificate = Readonly<Record<string, unknown>> & { readonly raw?: string }

/** Whether the host can take more data now. If `full`, the operation `socket.drain` ends when it can. */
export type WireWriteState = 'open' | 'full'

/** A DNS query. */
export interface WireResolve {
  readonly name: string
  readonly type: keyof WireRecords
}

export interface WireRecords {
  /** Addresses of both families that rules may connect to. */
  readonly ADDRESS: readonly string[]
  readonly SRV: readonly {
    readonly name: string
    readonly port: number
    readonly priority: number
    readonly weight: number
  }[]
  readonly TXT: readonly (readonly string[])[]
}
