import type { Duplex } from 'node:stream'
import { TLSSocket } from 'node:tls'
import type { WireTlsOptions, WireTlsSession, WireWriteState } from '../../connection-messages.ts'
import { HostCallError } from '../host-call-error.ts'
import { type ConnectionFailure, toConnectionFailure } from './connection-failure.ts'
import { toWireSecured, startTls } from './start-tls.ts'

export type SettleCallback = (ok: boolean, body: string) => void

/**
 * One connection of a rule's. What comes is kept by the socket until the rule asks for it, and the socket stops reading when
 * it holds enough, so that a peer that floods a rule fills no memory but its own.
 */
export interface SocketConnection {
  /** Answers with what has come, in base64; empty at the end. */
  read(settle: SettleCallback): () => void
  /** Throws a `FetchRefusal` where nothing can be written. */
  write(bytes: Buffer): WireWriteState
  /** Answers when there is room for more. */
  drain(settle: SettleCallback): () => void
  secure(options: WireTlsOptions, signal: AbortSignal): Promise<WireTlsSession>
  /** Limits TLS to records of this size; false where it cannot. */
  setMaxFragment(bytes: number): boolean
  end(): void
  destroy(reason?: ConnectionFailure): void
}

interface ConnectionOptions {
  /** Bytes that it may carry each way. */
  readonly maxBytes: number
  /** Throws a `FetchRefusal` where its login has had its share. */
  readonly countBytes: (bytes: number) => void
  /** It takes no more room, and may be told so more than once. */
  readonly onClose: (failure: ConnectionFailure | undefined) => void
}

export function createSocketConnection(
  initialStream: Duplex,
  { maxBytes, countBytes, onClose }: ConnectionOptions,
): SocketConnection {
  let stream = initialStream
  let reader: SettleCallback | undefined
  let drainer: SettleCallback | undefined
  let failure: ConnectionFailure | undefined
  let receivedBytes = 0
  let sentBytes = 0

  function attach(nextStream: Duplex): void {
    stream = nextStream
    nextStream.on('readable', deliverChunk)
    nextStream.on('end', deliverChunk)
    nextStream.on('drain', notifyDrained)
    nextStream.on('error', (error) => {
      failure ??= toConnectionFailure(error)
    })
    nextStream.once('close', onClosed)
  }

  function onClosed(): void {
    deliverChunk()
    notifyDrained()
    onClose(failure)
  }

  /** Gives the reader, if there is one, what there is to give. */
  function deliverChunk(): void {
    if (reader === undefined) return
    const chunk = failure === undefined ? (stream.read() as Buffer | null) : null
    if (chunk === null && failure === undefined && !stream.readableEnded && !stream.destroyed) return
    const settle = reader
    reader = undefined
    if (chunk !== null) countChunk(chunk)
    if (failure !== undefined) settle(false, JSON.stringify(failure))
    else settle(true, chunk === null ? '' : chunk.toString('base64'))
  }

  function countChunk(chunk: Buffer): void {
    receivedBytes += chunk.length
    try {
      if (receivedBytes > maxBytes) {
        throw new HostCallError('LIMIT_EXCEEDED', `a connection may bring ${maxBytes} bytes`)
      }
      countBytes(chunk.length)
    } catch (error) {
      destroy(toConnectionFailure(error))
    }
  }

  function notifyDrained(): void {
    const settle = drainer
    drainer = undefined
    settle?.(failure === undefined, failure === undefined ? '' : JSON.stringify(failure))
  }

  /** What waits hears of it in a later turn: nothing is answered while the rule is asking. */
  function destroy(reason?: ConnectionFailure): void {
    failure ??= reason
    stream.destroy()
    onClose(failure)
  }

  attach(initialStream)
  return {
    read(settle) {
      if (reader !== undefined) throw new Error('the connection is being read already')
      reader = settle
      // An op is not answered before it has begun.
      const immediate = setImmediate(deliverChunk)
      return () => {
        clearImmediate(immediate)
        if (reader === settle) reader = undefined
      }
    },
    write(bytes) {
      if (failure !== undefined) throw new HostCallError(failure.code, failure.message)
      if (!stream.writable) throw new HostCallError('EPIPE', 'write EPIPE')
      if (stream.writableNeedDrain) throw new HostCallError('LIMIT_EXCEEDED', 'the connection has no room for more yet')
      sentBytes += bytes.length
      if (sentBytes > maxBytes) {
        destroy({ code: 'LIMIT_EXCEEDED', message: `a connection may be sent ${maxBytes} bytes` })
        throw new HostCallError('LIMIT_EXCEEDED', `a connection may be sent ${maxBytes} bytes`)
      }
      return stream.write(bytes) ? 'open' : 'full'
    },
    drain(settle) {
      drainer = settle
      const immediate = setImmediate(() => {
        if (!stream.writableNeedDrain) notifyDrained()
      })
      return () => {
        clearImmediate(immediate)
        if (drainer === settle) drainer = undefined
      }
    },
    async secure(options, signal) {
      if (stream instanceof TLSSocket) throw new Error('the connection speaks TLS already')
      // Whatever stands there has come in the clear: it must not pass for something that came through TLS.
      if (stream.readableLength > 0) throw new Error('the server has sent more before TLS than it was asked')
      for (const event of ['readable', 'end', 'drain', 'error', 'close']) stream.removeAllListeners(event)
      // What ends it from here on is told by what speaks TLS over it.
      stream.on('error', () => undefined)
      try {
        const tlsSocket = await startTls(stream, options, signal)
        attach(tlsSocket)
        return toWireSecured(tlsSocket)
      } catch (error) {
        destroy(toConnectionFailure(error))
        onClosed()
        throw error
      }
    },
    setMaxFragment: (bytes) => stream instanceof TLSSocket && stream.setMaxSendFragment(bytes),
    end: () => void stream.end(),
    destroy,
  }
}
