import type { WireConnect, WireConnected, WireResolve, WireSecure } from '../../connection.ts'
import type { SandboxLimits } from '../../limits.ts'
import type { RequestRecord } from '../../protocol.ts'
import { FetchRefusal } from '../fetch-refusal.ts'
import type { Login } from '../login.ts'
import type { NetworkPolicy } from '../network-policy.ts'
import type { Outbound } from '../outbound.ts'
import type { Asked, Settle } from '../service.ts'
import { type Connection, createConnection } from './connection.ts'
import { type Destination, dial, unlessAborted } from './dial.ts'
import { type Failure, failureOf } from './failure.ts'
import { resolve } from './resolve.ts'

/** The connections of a worker's logins. */
export interface Sockets {
  /** Begins the work of an op of `socket.…`; answers how to give it up. */
  begin(name: string, asked: Asked, settle: Settle): () => void
  /** What is done at once, for whom it may be; throws what stands against it. */
  now(name: string, input: string, askers: readonly Login[]): string
  /** A login is over: connections that are nobody's any more are closed. */
  leave(login: Login): void
}

export interface SocketOptions {
  readonly policy: NetworkPolicy
  readonly limits: SandboxLimits
  readonly outbound: Outbound
  readonly nowMs: () => number
}

/** A connection, from when it is asked for. Only logins that may have asked for it may use it, and it ends with the last of them. */
interface Held {
  readonly owners: Set<Login>
  /** Aborted when nobody waits for it any more. */
  readonly signal: AbortSignal
  connection: Connection | undefined
  hangUp(): void
}

/** Something that counts until it is closed, with what made it fail. */
interface Opened {
  close(failure?: Failure): void
}

const hungUp: Failure = { code: 'ECONNRESET', message: 'the connection ended with the login that opened it' }

export function createSockets({ policy, limits, outbound, nowMs }: SocketOptions): Sockets {
  const held = new Map<number, Held>()
  /** Of each login, the names behind the addresses that it was given: it may connect to them by either. */
  const names = new WeakMap<Login, Map<string, string>>()

  /** Counts what begins, and writes it into the trace. */
  function open(payer: Login, shown: Pick<RequestRecord, 'method' | 'url'>): Opened {
    outbound.open(payer)
    const startedAtMs = nowMs()
    const record: { -readonly [Key in keyof RequestRecord]: RequestRecord[Key] } = { ...shown, durationMs: 0 }
    payer.books.request(record)
    let isOpen = true
    return {
      close(failure) {
        if (!isOpen) return
        isOpen = false
        outbound.close(payer)
        record.durationMs = Math.round(nowMs() - startedAtMs)
        if (failure !== undefined) record.error = failure.message
      },
    }
  }

  function connect({ op, input, payer, waiting }: Asked, settle: Settle): () => void {
    const to = JSON.parse(input) as WireConnect
    const record = open(payer, { method: 'CONNECT', url: urlOf(to) })
    const abort = new AbortController()
    const over = (failure?: Failure): void => {
      held.delete(op)
      record.close(failure === hungUp ? undefined : failure)
    }
    const own: Held = {
      owners: new Set(waiting),
      signal: abort.signal,
      connection: undefined,
      hangUp() {
        abort.abort()
        own.connection?.destroy(hungUp)
        over(hungUp)
      },
    }
    held.set(op, own)
    const tooLate = AbortSignal.timeout(limits.requestTimeoutMs)
    dial(destinationOf(to, waiting), policy, AbortSignal.any([abort.signal, tooLate])).then(
      (socket) => {
        if (abort.signal.aborted) {
          socket.destroy()
          return
        }
        own.connection = createConnection(socket, {
          maxBytes: limits.maxResponseBytes,
          count: (bytes) => outbound.received(payer, bytes),
          onClose: over,
        })
        const { remoteAddress, remotePort, remoteFamily, localAddress, localPort } = socket as WireConnected
        const ends: WireConnected = { remoteAddress, remotePort, remoteFamily, localAddress, localPort }
        settle(true, JSON.stringify(ends))
      },
      (error: unknown) => {
        const failure = tooLate.aborted ? tooLong(limits) : failureOf(error)
        over(failure)
        settle(false, JSON.stringify(failure))
      },
    )
    return own.hangUp
  }

  function destinationOf({ host, port }: WireConnect, askers: Iterable<Login>): Destination {
    for (const login of askers) {
      const name = names.get(login)?.get(host)
      if (name !== undefined) return { host: name, port, address: host }
    }
    return { host, port }
  }

  function ask({ input, payer, waiting }: Asked, settle: Settle): () => void {
    const question = JSON.parse(input) as WireResolve
    const { name, type } = question
    const record = open(payer, { method: 'RESOLVE', url: `dns:${shownHost(name)}?type=${type}` })
    const tooLate = AbortSignal.timeout(limits.requestTimeoutMs)
    unlessAborted(resolve(question, policy), tooLate).then(
      (found) => {
        record.close()
        if (type === 'ADDRESS') for (const login of waiting) remember(login, name, found as readonly string[])
        settle(true, JSON.stringify(found))
      },
      (error: unknown) => {
        const failure = tooLate.aborted ? tooLong(limits) : failureOf(error)
        record.close(failure)
        settle(false, JSON.stringify(failure))
      },
    )
    return () => record.close()
  }

  function remember(login: Login, name: string, addresses: readonly string[]): void {
    const known = names.get(login) ?? new Map<string, string>()
    names.set(login, known)
    for (const address of addresses) known.set(address, name)
  }

  function secure({ input, waiting }: Asked, settle: Settle): () => void {
    const options = JSON.parse(input) as WireSecure
    const { signal } = heldBy(options.socket, waiting)
    const tooLate = AbortSignal.timeout(limits.requestTimeoutMs)
    connectionOf(options.socket, waiting)
      .secure(options, AbortSignal.any([signal, tooLate]))
      .then(
        (secured) => settle(true, JSON.stringify(secured)),
        (error: unknown) => settle(false, JSON.stringify(tooLate.aborted ? tooLong(limits) : failureOf(error))),
      )
    return () => undefined
  }

  function heldBy(socket: number, askers: Iterable<Login>): Held {
    const found = held.get(socket)
    if (found !== undefined) for (const login of askers) if (found.owners.has(login)) return found
    throw new FetchRefusal(hungUp.code, hungUp.message)
  }

  function connectionOf(socket: number, askers: Iterable<Login>): Connection {
    const { connection } = heldBy(socket, askers)
    if (connection === undefined) throw new FetchRefusal('ENOTCONN', 'the connection does not stand yet')
    return connection
  }

  return {
    begin(name, asked, settle) {
      switch (name) {
        case 'socket.connect':
          return connect(asked, settle)
        case 'socket.resolve':
          return ask(asked, settle)
        case 'socket.secure':
          return secure(asked, settle)
        case 'socket.read':
          return connectionOf(Number(asked.input), asked.waiting).read(settle)
        case 'socket.drain':
          return connectionOf(Number(asked.input), asked.waiting).drain(settle)
        default:
          throw new Error(`there is no ${name}`)
      }
    },
    now(name, input, askers) {
      const [socket = '', bytes = ''] = input.split(' ')
      const connection = connectionOf(Number(socket), askers)
      switch (name) {
        case 'socket.write':
          return connection.write(Buffer.from(bytes, 'base64'))
        case 'socket.end':
          connection.end()
          return ''
        case 'socket.destroy':
          connection.destroy()
          return ''
        default:
          throw new Error(`there is no ${name}`)
      }
    },
    leave(login) {
      for (const { owners, hangUp } of held.values()) if (owners.delete(login) && owners.size === 0) hangUp()
    },
  }
}

const maxHostLength = 255

function shownHost(host: string): string {
  return host.slice(0, maxHostLength)
}

function urlOf({ host, port }: WireConnect): string {
  const shown = shownHost(host)
  return `tcp://${shown.includes(':') ? `[${shown}]` : shown}:${port}`
}

function tooLong({ requestTimeoutMs }: SandboxLimits): Failure {
  return { code: 'ETIMEDOUT', message: `no connection within ${requestTimeoutMs} ms` }
}
