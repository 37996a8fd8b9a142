import type { Duplex } from 'node:stream'
import {
  type DetailedPeerCertificate,
  type PeerCertificate,
  type SecureContextOptions,
  type TLSSocket,
  connect,
  createSecureContext,
} from 'node:tls'
import {
  type WireCertificate,
  type WireTlsOptions,
  type WireTlsSession,
  tlsContextOptions,
} from '../../connection-messages.ts'

/** Starts TLS over an open connection. The certificate is checked here, unless the rule has disabled that. */
export function startTls(socket: Duplex, options: WireTlsOptions, signal: AbortSignal): Promise<TLSSocket> {
  const { host, servername, rejectUnauthorized, isHostChecked, alpnProtocols, context } = options
  return new Promise((resolve, reject) => {
    const tlsSocket = connect({
      socket,
      host,
      rejectUnauthorized,
      secureContext: createSecureContext(toSecureContextOptions(context)),
      ...(servername === undefined ? {} : { servername }),
      ...(alpnProtocols.length === 0 ? {} : { ALPNProtocols: [...alpnProtocols] }),
      ...(isHostChecked ? {} : { checkServerIdentity: () => undefined }),
    })
    const onAbort = (): void => void tlsSocket.destroy(signal.reason as Error)
    const failHandshake = (error: Error): void => {
      signal.removeEventListener('abort', onAbort)
      socket.destroy()
      reject(error)
    }
    const onClose = (): void =>
      failHandshake(Object.assign(new Error('the connection closed during TLS'), { code: 'ECONNRESET' }))
    signal.addEventListener('abort', onAbort, { once: true })
    tlsSocket.once('error', failHandshake)
    tlsSocket.once('close', onClose)
    tlsSocket.once('secureConnect', () => {
      signal.removeEventListener('abort', onAbort)
      tlsSocket.off('error', failHandshake)
      tlsSocket.off('close', onClose)
      resolve(tlsSocket)
    })
  })
}

function toSecureContextOptions(context: WireTlsOptions['context']): SecureContextOptions {
  const isText = (value: unknown): boolean => typeof value === 'string'
  const textOptions = Object.entries(context).filter(
    ([name, value]) => tlsContextOptions.includes(name) && (Array.isArray(value) ? value.every(isText) : isText(value)),
  )
  return Object.fromEntries(textOptions)
}

/** A TLS connection as the rule sees it. */
export function toWireTlsSession(tlsSocket: TLSSocket): WireTlsSession {
  const { authorized, authorizationError, alpnProtocol } = tlsSocket
  return {
    authorized,
    // The types say that it is an error; it is the text of a code.
    ...(authorizationError == null ? {} : { authorizationError: String(authorizationError) }),
    alpnProtocol: alpnProtocol ?? false,
    protocol: tlsSocket.getProtocol(),
    cipher: tlsSocket.getCipher(),
    certificate: toWireCertificate(tlsSocket.getPeerCertificate()),
  }
}

function toWireCertificate(certificate: PeerCertificate | DetailedPeerCertificate): WireCertificate {
  const { subject, issuer, subjectaltname, valid_from, valid_to, serialNumber, fingerprint, fingerprint256, raw } =
    certificate as Partial<PeerCertificate>
  const fields = { subject, issuer, subjectaltname, valid_from, valid_to, serialNumber, fingerprint, fingerprint256 }
  return raw === undefined ? fields : { ...fields, raw: raw.toString('base64') }
}
