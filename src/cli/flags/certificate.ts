import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type * as Selfsigned from 'selfsigned'
import { requirePeer } from '../../errors/require-peer.ts'

/** A self-signed certificate for this machine. */
export interface Certificate {
  readonly key: string
  readonly cert: string
  /** Path of the certificate. The key is not in this file. */
  readonly file: string
  /** Removes the file. */
  remove(): void
}

/**
 * Makes a certificate for this host and the local names. The key is kept in memory only.
 *
 * @throws {ClaimsmithError} PACKAGE_MISSING if selfsigned is not installed
 */
export async function makeCertificate(host: string): Promise<Certificate> {
  const { generate } = requirePeer('selfsigned', '--https') as typeof Selfsigned
  const names = [...new Set(['localhost', '127.0.0.1', '::1', host])]
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'claimsmith serve --https' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: names.map((name) => (isIP(name) === 0 ? { type: 2, value: name } : { type: 7, ip: name })),
      },
    ],
  })
  const folder = mkdtempSync(join(tmpdir(), 'claimsmith-https-'))
  const file = join(folder, 'certificate.pem')
  writeFileSync(file, cert)
  return { key, cert, file, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** Formats the command that makes programs of the same shell trust a certificate. */
export function formatTrustCommands({ file }: Certificate): string {
  return `
The certificate was made for this run. Trust it in the shell that you call from:

  export NODE_EXTRA_CA_CERTS=${file} CURL_CA_BUNDLE=${file}
`
}
