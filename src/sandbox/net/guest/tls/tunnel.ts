import type { Duplex } from 'stream'
import { type Link, openLink } from '../net/link.ts'

/**
 * The host's TLS over a stream of the rule's own, which wraps it in another protocol, as SQL Server does: what TLS says is
 * carried between the host and the stream. The answer is a link that speaks in the clear once it is secured.
 */
export function openTunnel(carrier: Duplex, onOpen: (error: Error | null, clear: Link) => void): void {
  const clear = openLink({ tunnel: 'clear' }, (error) => {
    if (error !== null) {
      onOpen(error, clear)
      return
    }
    const sealed = openLink({ tunnel: 'sealed', of: clear.number }, (failure) => {
      if (failure === null) carry(carrier, sealed)
      onOpen(failure, clear)
    })
  })
}

function carry(carrier: Duplex, sealed: Link): void {
  const fail = (error?: Error | null): void => {
    sealed.destroy()
    carrier.destroy(error ?? undefined)
  }
  const next = (): void =>
    sealed.read((error, bytes) => {
      if (error !== null || bytes === undefined) fail(error)
      else carrier.write(bytes, (failed) => (failed == null ? next() : fail(failed)))
    })
  carrier.on('data', (bytes: Buffer) => {
    carrier.pause()
    sealed.write(bytes, (error) => (error === null ? carrier.resume() : fail(error)))
  })
  carrier.once('close', () => fail())
  next()
}
