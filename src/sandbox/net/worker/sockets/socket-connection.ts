import type { Duplex } from 'node:stream'
import { TLSSocket } from 'node:tls'
import type { WireTlsOptions, WireTlsSession, WireWriteState } from '../../connection-messages.ts'
import { HostCallError } from '../host-call-error.ts'
import type { Settle } from '../service.ts'
import { type ConnectionFailure, toConnectionFailure } from './connection-failure.ts'
import { startTls, toWireTlsSession } from './start-tls.ts'

interface ConnectionOptions {
  /** How many bytes it may carry each way. */
  readonly maxBytes: number
  /** Throws a `HostCallError` if its run has received too much. */
  readonly countBytes: (bytes: number) => void
  /** The connection is closed. May be called more than once. */
  readonly onClose: (failure: ConnectionFailure | undefined) => void
}

/** `open`: also after its end, if it ended without an error. */
type ConnectionState =
  | { readonly kind: 'open' }
  /** It is destroyed, or will be. The first failure counts. */
  | { readonly kind: 'failed'; readonly failure: ConnectionFailure }

/**
 * One connection of a rule. The stream keeps received bytes until the rule reads them, and stops reading if it holds enough:
 * so a peer that floods a rule does not fill the worker's memory.
 */
export class SocketConnection {
  readonly #options: ConnectionOptions
  #state: ConnectionState = { kind: 'open' }
  #stream: Duplex
  /** Settles the pending `read`. */
  #reader: Settle | undefined
  /** Settles the pending `drain`. */
  #drainer: Settle | undefined
  #receivedBytes = 0
  #sentBytes = 0

  constructor(stream: Duplex, options: ConnectionOptions) {
    this.#stream = stream
    this.#options = options
    this.#attach(stream)
  }

  /** Settles with received bytes in base64; empty at the end. Returns a function that stops the read. */
  read(settle: Settle): () => void {
    if (this.#reader !== undefined) throw new Error('the connection is being read already')
    this.#reader = settle
    // An op must not be answered before it has begun.
    const immediate = setImmediate(() => this.#deliverChunk())
    return () => {
      clearImmediate(immediate)
      if (this.#reader === settle) this.#reader = undefined
    }
  }

  /** Throws a `HostCallError` if nothing can be written. */
  write(bytes: Buffer): WireWriteState {
    if (this.#state.kind === 'failed') throw new HostCallError(this.#state.failure.code, this.#state.failure.message)
    if (!this.#stream.writable) throw new HostCallError('EPIPE', 'write EPIPE')
    if (this.#stream.writableNeedDrain)
      throw new HostCallError('LIMIT_EXCEEDED', 'the write buffer is full: wait for drain')
    const { maxBytes } = this.#options
    this.#sentBytes += bytes.length
    if (this.#sentBytes > maxBytes) {
      const message = `a connection may send at most ${maxBytes} bytes`
      this.destroy({ code: 'LIMIT_EXCEEDED', message })
      throw new HostCallError('LIMIT_EXCEEDED', message)
    }
    return this.#stream.write(bytes) ? 'open' : 'full'
  }

  /** Settles when more can be written. Returns a function that stops the wait. */
  drain(settle: Settle): () => void {
    this.#drainer = settle
    const immediate = setImmediate(() => {
      if (!this.#stream.writableNeedDrain) this.#notifyDrained()
    })
    return () => {
      clearImmediate(immediate)
      if (this.#drainer === settle) this.#drainer = undefined
    }
  }

  /** Starts TLS over the connection. */
  async secure(options: WireTlsOptions, signal: AbortSignal): Promise<WireTlsSession> {
    const stream = this.#stream
    if (stream instanceof TLSSocket) throw new Error('the connection uses TLS already')
    // These bytes were not encrypted. They must not count as bytes that came through TLS.
    if (stream.readableLength > 0) throw new Error('the server has sent bytes that were not read before TLS')
    for (const event of ['readable', 'end', 'drain', 'error', 'close']) stream.removeAllListeners(event)
    // From here on the TLS socket reports errors.
    stream.on('error', () => undefined)
    try {
      const tlsSocket = await startTls(stream, options, signal)
      this.#attach(tlsSocket)
      return toWireTlsSession(tlsSocket)
    } catch (error) {
      this.destroy(toConnectionFailure(error))
      this.#onClosed()
      throw error
    }
  }

  /** Limits TLS records to this size; false if that is not possible. */
  setMaxFragment(bytes: number): boolean {
    return this.#stream instanceof TLSSocket && this.#stream.setMaxSendFragment(bytes)
  }

  end(): void {
    this.#stream.end()
  }

  /** Settles pending ops in a later turn, because no op may be settled during a call of the rule. */
  destroy(reason?: ConnectionFailure): void {
    if (reason !== undefined) this.#fail(reason)
    this.#stream.destroy()
    this.#options.onClose(this.#getFailure())
  }

  #attach(stream: Duplex): void {
    this.#stream = stream
    stream.on('readable', () => this.#deliverChunk())
    stream.on('end', () => this.#deliverChunk())
    stream.on('drain', () => this.#notifyDrained())
    stream.on('error', (error) => this.#fail(toConnectionFailure(error)))
    stream.once('close', () => this.#onClosed())
  }

  #fail(failure: ConnectionFailure): void {
    if (this.#state.kind === 'open') this.#state = { kind: 'failed', failure }
  }

  #getFailure(): ConnectionFailure | undefined {
    return this.#state.kind === 'failed' ? this.#state.failure : undefined
  }

  #onClosed(): void {
    this.#deliverChunk()
    this.#notifyDrained()
    this.#options.onClose(this.#getFailure())
  }

  /** Settles the pending read, if there are bytes for it, or there will be none. */
  #deliverChunk(): void {
    const settle = this.#reader
    if (settle === undefined) return
    const stream = this.#stream
    const chunk = this.#state.kind === 'open' ? (stream.read() as Buffer | null) : null
    if (chunk === null && this.#state.kind === 'open' && !stream.readableEnded && !stream.destroyed) return
    this.#reader = undefined
    if (chunk !== null) this.#countChunk(chunk)
    const failure = this.#getFailure()
    if (failure !== undefined) settle(false, JSON.stringify(failure))
    else settle(true, chunk === null ? '' : chunk.toString('base64'))
  }

  #countChunk(chunk: Buffer): void {
    const { maxBytes, countBytes } = this.#options
    this.#receivedBytes += chunk.length
    try {
      if (this.#receivedBytes > maxBytes) {
        throw new HostCallError('LIMIT_EXCEEDED', `a connection may receive at most ${maxBytes} bytes`)
      }
      countBytes(chunk.length)
    } catch (error) {
      this.destroy(toConnectionFailure(error))
    }
  }

  #notifyDrained(): void {
    const settle = this.#drainer
    this.#drainer = undefined
    const failure = this.#getFailure()
    settle?.(failure === undefined, failure === undefined ? '' : JSON.stringify(failure))
  }
}
