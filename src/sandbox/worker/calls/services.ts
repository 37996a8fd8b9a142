import type { WireRequest } from '../../guest/web/fetch.ts'
import type { SandboxLimits } from '../../wire/limits.ts'
import type { FromWorker } from '../../wire/protocol.ts'
import type { RequestRecord } from '../../wire/records.ts'
import { type ExchangeTeller, createExchangeTeller, tellsNobody } from '../../net/worker/exchange-teller.ts'
import { FetchRefusal } from '../../net/worker/fetch-refusal.ts'
import type { RuleFetch } from '../../net/worker/follow.ts'
import { runSubtle } from '../crypto/subtle.ts'
import type { Login } from '../run/login.ts'
import type { Sockets } from '../../net/worker/sockets/sockets.ts'
import type { Outbound } from '../../net/worker/outbound.ts'
import type { Service } from '../../net/worker/service.ts'

export interface Services {
  /** The login is about to do something outside, or to learn of something that has been done there. */
  leaveTheHouse(login: Login): void
  /** Loads what a request takes, once in a worker's life. */
  readyToFetch(): void
  readonly timer: Service
  readonly fetch: Service
  /** WebCrypto: work of threads of the worker's, which nobody outside can tell. */
  readonly subtle: Service
  readonly socket: (name: string) => Service
  /** What a rule's sockets do at once. */
  readonly socketNow: Sockets['now']
  /** Closes the connections of a login that is over. */
  readonly hangUp: (login: Login) => void
  /** Work of the embedder's process, such as `users.updateUserMetadata`. */
  readonly parent: (name: string) => Service
}

interface ServiceOptions {
  /** Loads the HTTP client when it is called first. */
  readonly fetch: () => RuleFetch
  readonly sockets: Sockets
  readonly outbound: Outbound
  readonly limits: SandboxLimits
  readonly post: (message: FromWorker) => void
  readonly nowMs: () => number
}

const nothing = () => undefined

/** As much of a request as the trace shows. */
const maxMethodLength = 20
const maxUrlLength = 2_048

export function createServices({ fetch, sockets, outbound, limits, post, nowMs }: ServiceOptions): Services {
  function leaveTheHouse(login: Login): void {
    if (login.outside) return
    login.outside = true
    post({ type: 'outside', id: login.id })
  }

  function assertMayAsk({ conditions }: Login, { method }: WireRequest): void {
    if (conditions?.readsOnly !== true || /^(?:get|head)$/i.test(method)) return
    throw new FetchRefusal('NETWORK_REFUSED', `a dry run sends no ${method.slice(0, maxMethodLength)}`)
  }

  function tellerOf(login: Login): ExchangeTeller {
    if (login.conditions?.tells !== true) return tellsNobody
    return createExchangeTeller(
      () => login.exchanges++,
      (text) => post({ type: 'exchange', id: login.id, text }),
    )
  }

  return {
    leaveTheHouse,

    readyToFetch: () => void fetch(),

    timer({ input }, settle) {
      const timer = setTimeout(() => settle(true, ''), Number(input))
      return () => clearTimeout(timer)
    },

    fetch({ payer: login, input }, settle) {
      const request = JSON.parse(input) as WireRequest
      assertMayAsk(login, request)
      outbound.open(login)
      leaveTheHouse(login)
      const startedAtMs = nowMs()
      const record: { -readonly [K in keyof RequestRecord]: RequestRecord[K] } = {
        method: request.method.slice(0, maxMethodLength),
        url: request.url.slice(0, maxUrlLength),
        durationMs: 0,
      }
      login.books.request(record)
      const gaveUp = new AbortController()
      const timeoutMs = Math.min(request.timeoutMs ?? Infinity, limits.requestTimeoutMs)
      const tooLate = AbortSignal.timeout(timeoutMs)
      const signal = AbortSignal.any([gaveUp.signal, tooLate])
      const close = () => {
        outbound.close(login)
        record.durationMs = Math.round(nowMs() - startedAtMs)
      }
      const teller = tellerOf(login)
      const count = (bytes: number): void => outbound.received(login, bytes)
      fetch()(request, { login: login.id, signal, count, teller }).then(
        (response) => {
          close()
          record.status = response.status
          settle(true, JSON.stringify(response))
        },
        (error: unknown) => {
          close()
          const failure = tooLate.aborted ? tooLateFailure(timeoutMs) : failureOf(error)
          record.error = failure.message
          teller.fails(failure)
          settle(false, JSON.stringify(failure))
        },
      )
      return () => gaveUp.abort()
    },

    subtle({ input }, settle) {
      runSubtle(JSON.parse(input) as Parameters<typeof runSubtle>[0]).then(
        (result) => settle(true, JSON.stringify(result)),
        (error: unknown) => settle(false, JSON.stringify(cryptoFailure(error))),
      )
      return nothing
    },

    socket: (name) => (asked, settle) => {
      const { payer } = asked
      if (name !== 'socket.connect') return sockets.begin(name, asked, settle)
      if (payer.conditions?.readsOnly === true) {
        throw new FetchRefusal('NETWORK_REFUSED', 'a dry run opens no connections')
      }
      leaveTheHouse(payer)
      return sockets.begin(name, asked, settle)
    },
    socketNow: sockets.now,
    hangUp: sockets.leave,

    parent:
      (name) =>
      ({ payer, op, input }) => {
        leaveTheHouse(payer)
        post({ type: 'call', id: payer.id, op, name, body: input })
        return nothing
      },
  }
}

interface Failure {
  readonly code?: string
  readonly message: string
}

/** WebCrypto's errors tell by their names what was wrong. */
function cryptoFailure(error: unknown): Failure & { readonly name?: string } {
  const { name, code, message } = error as { readonly name: string; readonly code?: unknown; readonly message: string }
  return { name, message: message === '' ? name : message, ...(typeof code === 'string' ? { code } : {}) }
}

function failureWith(code: string | undefined, message: string): Failure {
  return { message, ...(code === undefined ? {} : { code }) }
}

function tooLateFailure(timeoutMs: number): Failure {
  return { code: 'ETIMEDOUT', message: `the request took longer than ${timeoutMs} ms` }
}

/** What a rule may know of a failed request: the guard's reason, or the system's code; nothing of the host's insides. */
function failureOf(error: unknown): Failure {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof FetchRefusal) return failureWith(cause.code, cause.message)
    const { code } = cause as { code?: unknown }
    if (typeof code === 'string' && cause.cause === undefined) return { code, message: `fetch failed: ${code}` }
  }
  return { message: error instanceof Error && !(error.cause instanceof Error) ? error.message : 'fetch failed' }
}
