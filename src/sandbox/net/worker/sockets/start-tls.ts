import type { Duplex } from 'node:stream'
import {
  type DetailedPeerCertificate,
  type PeerCertificate,
  type SecureContextOptions,
  type TLSSocket,
  connect,
  createSecureContext,
} from 'node:tls'
import { type WireCertificate, type WireSecure, type WireSecured, contextOptions } from '../../connection-messages.ts'

/** Speaks TLS over a connection that stands. The certificate is checked here, unless the rule said otherwise. */
export function startTls(socket: Duplex, options: WireSecure, signal: AbortSignal): Promise<TLSSocket> {
  const { host, servername, rejectUnauthorized, checksHost, alpnProtocols, context } = options
  return new Promise((resolve, reject) => {
    const secured = connect({
      socket,
      host,
      rejectUnauthorized,
      secureContext: createSecureContext(contextOf(context)),
      ...(servername === undefined ? {} : { servername }),
      ...(alpnProtocols.length === 0 ? {} : { ALPNProtocols: [...alpnProtocols] }),
      ...(checksHost ? {} : { checkServerIdentity: () => undefined }),
    })
    const giveUp = (): void => void secured.destroy(signal.reason as Error)
    const fail = (error: Error): void => {
      signal.removeEventListener('abort', giveUp)
      socket.destroy()
      reject(error)
    }
    const closed = (): void =>
      fail(Object.assign(new Error('the connection closed during TLS'), { code: 'ECONNRESET' }))
    signal.addEventListener('abort', giveUp, { once: true })
    secured.once('error', fail)
    secured.once('close', closed)
    secured.once('secureConnect', () => {
      signal.removeEventListener('abort', giveUp)
      secured.off('error', fail)
      secured.off('close', closed)
      resolve(secured)
    })
  })
}

function contextOf(given: WireSecure['context']): SecureContextOptions {
  const isText = (value: unknown): boolean => typeof value === 'string'
  const known = Object.entries(given).filter(
    ([name, value]) => contextOptions.includes(name) && (Array.isArray(value) ? value.every(isText) : isText(value)),
  )
  return Object.fromEntries(known)
}

/** What a rule may know of a TLS connection. */
export function factsOf(secured: TLSSocket): WireSecured {
  const { authorized, authorizationError, alpnProtocol } = secured
  return {
    authorized,
    // The types promise an error; it is the text of a code.
    ...(authorizationError == null ? {} : { authorizationError: String(authorizationError) }),
    alpnProtocol: alpnProtocol ?? false,
    protocol: secured.getProtocol(),
    cipher: secured.getCipher(),
    certificate: shown(secured.getPeerCertificate()),
  }
}

function shown(certificate: PeerCertificate | DetailedPeerCertificate): WireCertificate {
  const { subject, issuer, subjectaltname, valid_from, valid_to, serialNumber, fingerprint, fingerprint256, raw } =
    certificate as Partial<PeerCertificate>
  const facts = { subject, issuer, subjectaltname, valid_from, valid_to, serialNumber, fingerprint, fingerprint256 }
  return raw === undefined ? facts : { ...facts, raw: raw.toString('base64') }
}
