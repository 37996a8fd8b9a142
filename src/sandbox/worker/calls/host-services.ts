import type { WireRequest } from '../../guest/web/fetch-message.ts'
import type { SandboxLimits } from '../../wire/limits.ts'
import type { FromWorker } from '../../wire/protocol.ts'
import type { RequestRecord } from '../../wire/records.ts'
import { type HttpRecorder, createHttpRecorder, noopHttpRecorder } from '../../net/worker/http-recorder.ts'
import { HostCallError } from '../../net/worker/host-call-error.ts'
import type { RuleFetch } from '../../net/worker/redirects.ts'
import { runSubtle } from '../crypto/subtle.ts'
import type { Run } from '../run/run.ts'
import type { Sockets } from '../../net/worker/sockets/sockets.ts'
import type { OutboundQuota } from '../../net/worker/outbound-quota.ts'
import type { Service } from '../../net/worker/service.ts'

export interface HostServices {
  /** The login is about to do something outside, or to learn of something that has been done there. */
  markSideEffect(run: Run): void
  /** Loads what a request takes, once in a worker's life. */
  preloadHttpClient(): void
  readonly timer: Service
  readonly fetch: Service
  /** WebCrypto: work of threads of the worker's, which nobody outside can tell. */
  readonly subtle: Service
  readonly getSocketService: (name: string) => Service
  /** What a rule's sockets do at once. */
  readonly callSocketSync: Sockets['callSync']
  /** Closes the connections of a login that is over. */
  readonly closeConnections: (run: Run) => void
  /** Work of the embedder's process, such as `users.updateUserMetadata`. */
  readonly getParentService: (name: string) => Service
}

interface HostServiceOptions {
  /** Loads the HTTP client when it is called first. */
  readonly fetch: () => RuleFetch
  readonly sockets: Sockets
  readonly quota: OutboundQuota
  readonly limits: SandboxLimits
  readonly post: (message: FromWorker) => void
  readonly nowMs: () => number
}

const noop = () => undefined

/** As much of a request as the trace shows. */
const maxMethodLength = 20
const maxUrlLength = 2_048

export function createHostServices({ fetch, sockets, quota, limits, post, nowMs }: HostServiceOptions): HostServices {
  function markSideEffect(run: Run): void {
    if (run.hasSideEffects) return
    run.hasSideEffects = true
    post({ type: 'sideEffect', id: run.id })
  }

  function assertRequestAllowed({ overrides }: Run, { method }: WireRequest): void {
    if (overrides?.isReadOnly !== true || /^(?:get|head)$/i.test(method)) return
    throw new HostCallError('NETWORK_REFUSED', `a dry run sends no ${method.slice(0, maxMethodLength)}`)
  }

  function createRecorder(run: Run): HttpRecorder {
    if (run.overrides?.isRecorded !== true) return noopHttpRecorder
    return createHttpRecorder(
      () => run.exchangeCount++,
      (text) => post({ type: 'exchange', id: run.id, text }),
    )
  }

  return {
    markSideEffect,

    preloadHttpClient: () => void fetch(),

    timer({ input }, settle) {
      const timer = setTimeout(() => settle(true, ''), Number(input))
      return () => clearTimeout(timer)
    },

    fetch({ owner: run, input }, settle) {
      const request = JSON.parse(input) as WireRequest
      assertRequestAllowed(run, request)
      quota.open(run)
      markSideEffect(run)
      const startedAtMs = nowMs()
      const record: { -readonly [K in keyof RequestRecord]: RequestRecord[K] } = {
        method: request.method.slice(0, maxMethodLength),
        url: request.url.slice(0, maxUrlLength),
        durationMs: 0,
      }
      run.budget.recordRequest(record)
      const abortController = new AbortController()
      const timeoutMs = Math.min(request.timeoutMs ?? Infinity, limits.requestTimeoutMs)
      const timeoutSignal = AbortSignal.timeout(timeoutMs)
      const signal = AbortSignal.any([abortController.signal, timeoutSignal])
      const closeRequest = () => {
        quota.close(run)
        record.durationMs = Math.round(nowMs() - startedAtMs)
      }
      const recorder = createRecorder(run)
      const countBytes = (bytes: number): void => quota.countBytes(run, bytes)
      fetch()(request, { runId: run.id, signal, countBytes, recorder }).then(
        (response) => {
          closeRequest()
          record.status = response.status
          settle(true, JSON.stringify(response))
        },
        (error: unknown) => {
          closeRequest()
          const failure = timeoutSignal.aborted ? createTimeoutFailure(timeoutMs) : toFetchFailure(error)
          record.error = failure.message
          recorder.recordFailure(failure)
          settle(false, JSON.stringify(failure))
        },
      )
      return () => abortController.abort()
    },

    subtle({ input }, settle) {
      runSubtle(JSON.parse(input) as Parameters<typeof runSubtle>[0]).then(
        (result) => settle(true, JSON.stringify(result)),
        (error: unknown) => settle(false, JSON.stringify(toCryptoFailure(error))),
      )
      return noop
    },

    getSocketService: (name) => (opRequest, settle) => {
      const { owner } = opRequest
      if (name !== 'socket.connect') return sockets.begin(name, opRequest, settle)
      if (owner.overrides?.isReadOnly === true) {
        throw new HostCallError('NETWORK_REFUSED', 'a dry run opens no connections')
      }
      markSideEffect(owner)
      return sockets.begin(name, opRequest, settle)
    },
    callSocketSync: sockets.callSync,
    closeConnections: sockets.removeRun,

    getParentService:
      (name) =>
      ({ owner, op, input }) => {
        markSideEffect(owner)
        post({ type: 'call', id: owner.id, op, name, body: input })
        return noop
      },
  }
}

interface ServiceFailure {
  readonly code?: string
  readonly message: string
}

/** WebCrypto's errors tell by their names what was wrong. */
function toCryptoFailure(error: unknown): ServiceFailure & { readonly name?: string } {
  const { name, code, message } = error as { readonly name: string; readonly code?: unknown; readonly message: string }
  return { name, message: message === '' ? name : message, ...(typeof code === 'string' ? { code } : {}) }
}

function createFailure(code: string | undefined, message: string): ServiceFailure {
  return { message, ...(code === undefined ? {} : { code }) }
}

function createTimeoutFailure(timeoutMs: number): ServiceFailure {
  return { code: 'ETIMEDOUT', message: `the request took longer than ${timeoutMs} ms` }
}

/** What a rule may know of a failed request: the guard's reason, or the system's code; nothing of the host's insides. */
function toFetchFailure(error: unknown): ServiceFailure {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof HostCallError) return createFailure(cause.code, cause.message)
    const { code } = cause as { code?: unknown }
    if (typeof code === 'string' && cause.cause === undefined) return { code, message: `fetch failed: ${code}` }
  }
  return { message: error instanceof Error && !(error.cause instanceof Error) ? error.message : 'fetch failed' }
}
