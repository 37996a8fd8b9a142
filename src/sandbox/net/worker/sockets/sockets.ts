import type { WireConnect, WireConnected, WireSecure } from '../../connection-messages.ts'
import type { SandboxLimits } from '../../../wire/limits.ts'
import { FetchRefusal } from '../fetch-refusal.ts'
import type { Login } from '../../../worker/run/login.ts'
import type { NetworkPolicy } from '../network-policy.ts'
import type { Outbound } from '../outbound.ts'
import type { Asked, Service, Settle } from '../service.ts'
import { createConnection } from './connection.ts'
import { dial } from './dial.ts'
import { type Failure, failureOf, hungUp, tooLong } from './failure.ts'
import { type Held, createHeldConnections } from './held.ts'
import { createLedger } from './ledger.ts'
import { createNames } from './names.ts'
import { createTunnels } from './tunnel.ts'

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

export function createSockets({ policy, limits, outbound, nowMs }: SocketOptions): Sockets {
  const held = createHeldConnections()
  const ledger = createLedger(outbound, nowMs)
  const names = createNames({ policy, limits, ledger })

  function connect({ op, input, payer, waiting }: Asked, settle: Settle): () => void {
    const to = destinationOf(input)
    const entry = ledger.open(payer, { method: 'CONNECT', url: urlOf(to) })
    const abort = new AbortController()
    const close = (failure?: Failure): void => {
      held.remove(op)
      entry.close(failure === hungUp ? undefined : failure)
    }
    const own: Held = {
      owners: new Set(waiting),
      signal: abort.signal,
      connection: undefined,
      hangUp() {
        abort.abort()
        own.connection?.destroy(hungUp)
        close(hungUp)
      },
    }
    held.add(op, own)
    const name = names.nameOf(to.host, waiting)
    const destination = name === undefined ? to : { host: name, port: to.port, address: to.host }
    const tooLate = AbortSignal.timeout(limits.requestTimeoutMs)
    dial(destination, policy, AbortSignal.any([abort.signal, tooLate])).then(
      (socket) => {
        if (abort.signal.aborted) {
          socket.destroy()
          return
        }
        own.connection = createConnection(socket, {
          maxBytes: limits.maxResponseBytes,
          count: (bytes) => outbound.received(payer, bytes),
          onClose: close,
        })
        const { remoteAddress, remotePort, remoteFamily, localAddress, localPort } = socket as WireConnected
        const ends: WireConnected = { remoteAddress, remotePort, remoteFamily, localAddress, localPort }
        settle(true, JSON.stringify(ends))
      },
      (error: unknown) => {
        const failure = tooLate.aborted ? tooLong(limits) : failureOf(error)
        close(failure)
        settle(false, JSON.stringify(failure))
      },
    )
    return own.hangUp
  }

  function secure({ input, waiting }: Asked, settle: Settle): () => void {
    const options = JSON.parse(input) as WireSecure
    const { signal } = held.find(options.socket, waiting)
    const tooLate = AbortSignal.timeout(limits.requestTimeoutMs)
    held
      .standing(options.socket, waiting)
      .secure(options, AbortSignal.any([signal, tooLate]))
      .then(
        (secured) => settle(true, JSON.stringify(secured)),
        (error: unknown) => settle(false, JSON.stringify(tooLate.aborted ? tooLong(limits) : failureOf(error))),
      )
    return () => undefined
  }

  const services: Readonly<Record<string, Service>> = {
    'socket.connect': connect,
    'socket.tunnel': createTunnels({ held, limits, outbound }),
    'socket.resolve': names.ask,
    'socket.secure': secure,
    'socket.read': ({ input, waiting }, settle) => held.standing(Number(input), waiting).read(settle),
    'socket.drain': ({ input, waiting }, settle) => held.standing(Number(input), waiting).drain(settle),
  }

  return {
    begin(name, asked, settle) {
      const service = Object.hasOwn(services, name) ? services[name] : undefined
      if (service === undefined) throw new Error(`there is no ${name}`)
      return service(asked, settle)
    },
    now(name, input, askers) {
      const [socket, rest = ''] = input.split(' ')
      const connection = held.standing(Number(socket), askers)
      switch (name) {
        case 'socket.write':
          return connection.write(Buffer.from(rest, 'base64'))
        case 'socket.fragment':
          return String(connection.setFragment(Number(rest)))
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
    leave: held.leave,
  }
}

/** Whoever wrote this runs where rules do. */
function destinationOf(input: string): WireConnect {
  const { host, port } = JSON.parse(input) as { readonly host: unknown; readonly port: unknown }
  const isPort = typeof port === 'number' && Number.isInteger(port) && port > 0 && port < 65_536
  if (typeof host !== 'string' || host === '' || host.length > maxHostLength || !isPort) {
    throw new FetchRefusal('NETWORK_REFUSED', 'a connection goes to a host and a port')
  }
  return { host, port }
}

const maxHostLength = 255

function urlOf({ host, port }: WireConnect): string {
  return `tcp://${host.includes(':') ? `[${host}]` : host}:${port}`
}
