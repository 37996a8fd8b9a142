import type { Duplex } from 'stream'
import { type HostConnection, openHostConnection } from '../net/host-connection.ts'

/**
 * Opens TLS of the host over a stream of the rule. The stream may wrap TLS in another protocol, as that of SQL Server does.
 * Encrypted bytes are carried between the host and the stream. The result is a connection for plain text, on which TLS can
 * be started.
 */
export function openTunnel(
  carrier: Duplex,
  onOpen: (error: Error | null, plainConnection: HostConnection) => void,
): void {
  const plainConnection = openHostConnection({ tunnel: 'clear' }, (error) => {
    if (error !== null) {
      onOpen(error, plainConnection)
      return
    }
    const encryptedConnection = openHostConnection(
      { tunnel: 'sealed', clearEnd: plainConnection.number },
      (failure) => {
        if (failure === null) pipeCarrier(carrier, encryptedConnection)
        onOpen(failure, plainConnection)
      },
    )
  })
}

function pipeCarrier(carrier: Duplex, encryptedConnection: HostConnection): void {
  const fail = (error?: Error | null): void => {
    encryptedConnection.destroy()
    carrier.destroy(error ?? undefined)
  }
  const next = (): void =>
    encryptedConnection.read((error, bytes) => {
      if (error !== null || bytes === undefined) fail(error)
      else carrier.write(bytes, (failed) => (failed == null ? next() : fail(failed)))
    })
  carrier.on('data', (bytes: Buffer) => {
    carrier.pause()
    encryptedConnection.write(bytes, (error) => (error === null ? carrier.resume() : fail(error)))
  })
  carrier.once('close', () => fail())
  next()
}
