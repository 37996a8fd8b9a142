import type { Duplex } from 'node:stream'
import { TLSSocket } from 'node:tls'
import type { WireSecure, WireSecured, WireWritten } from '../../connection-messages.ts'
import { FetchRefusal } from '../fetch-refusal.ts'
import { type Failure, failureOf } from './failure.ts'
import { factsOf, startTls } from './start-tls.ts'

export type Answer = (ok: boolean, body: string) => void

/**
 * One connection of a rule's. What comes is kept by the socket until the rule asks for it, and the socket stops reading when
 * it holds enough, so that a peer that floods a rule fills no memory but its own.
 */
export interface Connection {
  /** Answers with what has come, in base64; empty at the end. */
  read(answer: Answer): () => void
  /** Throws a `FetchRefusal` where nothing can be written. */
  write(bytes: Buffer): WireWritten
  /** Answers when there is room for more. */
  drain(answer: Answer): () => void
  secure(options: WireSecure, signal: AbortSignal): Promise<WireSecured>
  /** Limits TLS to records of this size; false where it cannot. */
  setFragment(bytes: number): boolean
  end(): void
  destroy(reason?: Failure): void
}

interface ConnectionOptions {
  /** Bytes that it may carry each way. */
  readonly maxBytes: number
  /** Throws a `FetchRefusal` where its login has had its share. */
  readonly count: (bytes: number) => void
  /** It takes no more room, and may be told so more than once. */
  readonly onClose: (failure: Failure | undefined) => void
}

export function createConnection(first: Duplex, { maxBytes, count, onClose }: ConnectionOptions): Connection {
  let stream = first
  let reader: Answer | undefined
  let drainer: Answer | undefined
  let failure: Failure | undefined
  let received = 0
  let sent = 0

  function attach(next: Duplex): void {
    stream = next
    next.on('readable', pump)
    next.on('end', pump)
    next.on('drain', tellDrained)
    next.on('error', (error) => {
      failure ??= failureOf(error)
    })
    next.once('close', closed)
  }

  function closed(): void {
    pump()
    tellDrained()
    onClose(failure)
  }

  /** Gives the reader, if there is one, what there is to give. */
  function pump(): void {
    if (reader === undefined) return
    const chunk = failure === undefined ? (stream.read() as Buffer | null) : null
    if (chunk === null && failure === undefined && !stream.readableEnded && !stream.destroyed) return
    const answer = reader
    reader = undefined
    if (chunk !== null) take(chunk)
    if (failure !== undefined) answer(false, JSON.stringify(failure))
    else answer(true, chunk === null ? '' : chunk.toString('base64'))
  }

  function take(chunk: Buffer): void {
    received += chunk.length
    try {
      if (received > maxBytes) {
        throw new FetchRefusal('LIMIT_EXCEEDED', `a connection may bring ${maxBytes} bytes`)
      }
      count(chunk.length)
    } catch (error) {
      destroy(failureOf(error))
    }
  }

  function tellDrained(): void {
    const answer = drainer
    drainer = undefined
    answer?.(failure === undefined, failure === undefined ? '' : JSON.stringify(failure))
  }

  /** What waits hears of it in a later turn: nothing is answered while the rule is asking. */
  function destroy(reason?: Failure): void {
    failure ??= reason
    stream.destroy()
    onClose(failure)
  }

  attach(first)
  return {
    read(answer) {
      if (reader !== undefined) throw new Error('the connection is being read already')
      reader = answer
      // An op is not answered before it has begun.
      const soon = setImmediate(pump)
      return () => {
        clearImmediate(soon)
        if (reader === answer) reader = undefined
      }
    },
    write(bytes) {
      if (failure !== undefined) throw new FetchRefusal(failure.code, failure.message)
      if (!stream.writable) throw new FetchRefusal('EPIPE', 'write EPIPE')
      if (stream.writableNeedDrain) throw new FetchRefusal('LIMIT_EXCEEDED', 'the connection has no room for more yet')
      sent += bytes.length
      if (sent > maxBytes) {
        destroy({ code: 'LIMIT_EXCEEDED', message: `a connection may be sent ${maxBytes} bytes` })
        throw new FetchRefusal('LIMIT_EXCEEDED', `a connection may be sent ${maxBytes} bytes`)
      }
      return stream.write(bytes) ? 'open' : 'full'
    },
    drain(answer) {
      drainer = answer
      const soon = setImmediate(() => {
        if (!stream.writableNeedDrain) tellDrained()
      })
      return () => {
        clearImmediate(soon)
        if (drainer === answer) drainer = undefined
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
        const secured = await startTls(stream, options, signal)
        attach(secured)
        return factsOf(secured)
      } catch (error) {
        destroy(failureOf(error))
        closed()
        throw error
      }
    },
    setFragment: (bytes) => stream instanceof TLSSocket && stream.setMaxSendFragment(bytes),
    end: () => void stream.end(),
    destroy,
  }
}
