import { Duplex } from 'stream'
import type { WireAddresses } from '../../connection-messages.ts'
import { type ConnectOptions, resolveTarget, readConnectArguments } from './arguments.ts'
import { type HostConnection, openHostConnection } from './host-connection.ts'

type WriteCallback = (error?: Error | null) => void

interface Chunk {
  readonly chunk: Buffer
  readonly encoding: string
}

/** A socket of Node's `net`, over a connection that the host makes and guards. */
export class Socket extends Duplex {
  connecting = false
  remoteAddress: string | undefined
  remotePort: number | undefined
  remoteFamily: string | undefined
  localAddress: string | undefined
  localPort: number | undefined
  bytesRead = 0
  bytesWritten = 0
  timeout = 0
  #connection: HostConnection | undefined
  /** Settings to apply when the connection is established. */
  #pendingJobs: (() => void)[] = []
  #idle: ReturnType<typeof setTimeout> | undefined
  #wasActive = false
  #isHandedOver = false

  constructor(options: ConnectOptions = {}) {
    super({ allowHalfOpen: options.allowHalfOpen ?? false, decodeStrings: true })
    const { signal } = options
    if (signal !== undefined) this.#destroyOn(signal)
  }

  get pending(): boolean {
    return this.#connection === undefined || this.connecting
  }

  get readyState(): string {
    if (this.connecting) return 'opening'
    if (this.readable && this.writable) return 'open'
    return this.readable ? 'readOnly' : this.writable ? 'writeOnly' : 'closed'
  }

  get bufferSize(): number {
    return this.writableLength
  }

  connect(...args: unknown[]): this {
    const { options, listener } = readConnectArguments<ConnectOptions>(args)
    const target = resolveTarget(options)
    if (listener !== undefined) this.once('connect', listener)
    if (options.timeout !== undefined) this.setTimeout(options.timeout)
    this.connecting = true
    this.#connection = openHostConnection(target, (error, endpoints) => {
      if (this.destroyed) return
      if (error === null) this.#markConnected(endpoints)
      else this.destroy(error)
    })
    return this
  }

  setTimeout(ms: number, listener?: () => void): this {
    this.timeout = ms
    if (listener !== undefined) this.once('timeout', listener)
    clearTimeout(this.#idle)
    this.#idle = undefined
    if (ms > 0) this.#watch(ms)
    return this
  }

  setNoDelay(): this {
    return this
  }
  setKeepAlive(): this {
    return this
  }
  ref(): this {
    return this
  }
  unref(): this {
    return this
  }

  address(): object {
    const { localAddress: address, localPort: port, remoteFamily: family } = this
    return address === undefined ? {} : { address, port, family }
  }

  destroySoon(): void {
    if (this.writable) this.end()
    if (this.writableFinished) this.destroy()
    else this.once('finish', () => this.destroy())
  }

  resetAndDestroy(): this {
    return this.destroy()
  }

  override _read(): void {
    this.runWhenOpen(() => {
      if (this.#isHandedOver) return
      this.#connection?.read((error, bytes) => {
        if (this.destroyed) return
        this.#wasActive = true
        if (error !== null) this.destroy(error)
        else {
          this.bytesRead += bytes?.length ?? 0
          this.push(bytes ?? null)
        }
      })
    })
  }

  override _write(chunk: Buffer, _encoding: string, done: WriteCallback): void {
    this.runWhenOpen(() => {
      this.#wasActive = true
      this.bytesWritten += chunk.length
      this.#connection?.write(chunk, done)
    })
  }

  override _writev(chunks: readonly Chunk[], done: WriteCallback): void {
    this._write(Buffer.concat(chunks.map(({ chunk }) => chunk)), '', done)
  }

  override _final(done: WriteCallback): void {
    this.runWhenOpen(() => {
      try {
        this.#connection?.end()
        done()
      } catch (error) {
        done(error as Error)
      }
    })
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    clearTimeout(this.#idle)
    this.connecting = false
    this.#pendingJobs = []
    this.#connection?.destroy()
    done(error)
  }

  /** Gives the connection to a TLS socket. After that, this socket no longer reads from it. */
  takeConnection(): HostConnection | undefined {
    this.#isHandedOver = true
    return this.#connection
  }

  protected adopt(connection: HostConnection): void {
    this.connecting = true
    this.#connection = connection
  }

  protected markOpen(): void {
    this.connecting = false
    const pendingJobs = this.#pendingJobs
    this.#pendingJobs = []
    for (const job of pendingJobs) job()
  }

  runWhenOpen(job: () => void): void {
    if (this.#connection !== undefined && !this.connecting) job()
    else this.#pendingJobs.push(job)
  }

  #markConnected(endpoints: WireAddresses | undefined): void {
    Object.assign(this, endpoints)
    this.markOpen()
    this.emit('connect')
    this.emit('ready')
    // As in Node, a socket without a reader still emits its end.
    if (!this.destroyed && !this.isPaused()) this.read(0)
  }

  /**
   * An expired timer checks for activity since it was set. That needs fewer timers, and the timeout may come twice as
   * late.
   */
  #watch(ms: number): void {
    this.#wasActive = false
    this.#idle = setTimeout(() => {
      if (this.#wasActive) this.#watch(ms)
      else this.emit('timeout')
    }, ms)
  }

  #destroyOn(signal: AbortSignal): void {
    const abort = (): void => void this.destroy(signal.reason as Error)
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
  }
}
