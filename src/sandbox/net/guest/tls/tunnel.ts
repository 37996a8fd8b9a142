import type { Duplex } from 'stream'
import { type HostConnection, openHostConnection } from '../net/host-connection.ts'

/**
 * The host's TLS over a stream of the rule's own, which wraps it in another protocol, as SQL Server does: what TLS
 * says is
 * carried between the host and the stream. The answer is a link that speaks in the clear once it is secured.
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
