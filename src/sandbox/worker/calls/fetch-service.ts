import { HostCallError } from '../../net/worker/host-call-error.ts'
import { type HttpRecorder, createHttpRecorder, noopHttpRecorder } from '../../net/worker/http-recorder.ts'
import type { OutboundQuota } from '../../net/worker/outbound-quota.ts'
import type { RuleFetch } from '../../net/worker/redirects.ts'
import type { HostSecrets } from '../../net/worker/secrets/host-secrets.ts'
import type { WireRequest } from '../../wire/fetch-messages.ts'
import type { SandboxLimits } from '../../wire/limits.ts'
import type { FromWorker } from '../../wire/protocol.ts'
import type { RequestRecord } from '../../wire/records.ts'
import type { Run } from '../run/run.ts'
import type { Service } from '../../net/worker/service.ts'

export interface FetchServiceOptions {
  /** Loads the HTTP client with the first call. */
  readonly fetch: () => RuleFetch
  readonly quota: OutboundQuota
  readonly limits: SandboxLimits
  readonly post: (message: FromWorker) => void
  readonly nowMs: () => number
  readonly markSideEffect: (run: Run) => void
}

/** How much of a request the trace shows. */
const maxMethodLength = 20
const maxUrlLength = 2_048

/** Sends the requests of rules. */
export function createFetchService(options: FetchServiceOptions): Service<Run> {
  const { fetch, quota, limits, post, markSideEffect } = options
  return ({ owner: run, egress, input }, settle) => {
    const request = JSON.parse(input) as WireRequest
    assertRequestAllowed(run, request)
    quota.open(run)
    markSideEffect(run)
    const trace = recordRequest(run, request, options)
    const abortController = new AbortController()
    const timeoutMs = Math.min(request.timeoutMs ?? Infinity, limits.requestTimeoutMs)
    const timeoutSignal = AbortSignal.timeout(timeoutMs)
    const signal = AbortSignal.any([abortController.signal, timeoutSignal])
    const recorder = createRecorder(run, post)
    const countBytes = (bytes: number): void => quota.countBytes(run, bytes)
    fetch()(request, { runId: run.id, egress, signal, countBytes, recorder }).then(
      (response) => {
        trace.close({ status: response.status })
        settle(true, JSON.stringify(response))
      },
      (error: unknown) => {
        const failure = timeoutSignal.aborted
          ? createTimeoutFailure(timeoutMs)
          : hideSecrets(toFetchFailure(error), egress.secrets)
        trace.close({ error: failure.message })
        recorder.recordFailure(failure)
        settle(false, JSON.stringify(failure))
      },
    )
    return () => abortController.abort()
  }
}

/** Throws if the run is dry and the request may change something on a server. */
function assertRequestAllowed({ overrides }: Run, { method }: WireRequest): void {
  if (overrides?.isReadOnly !== true || /^(?:get|head)$/i.test(method)) return
  throw new HostCallError('NETWORK_REFUSED', `a dry run sends no ${method.slice(0, maxMethodLength)}`)
}

/** A request in the trace, until its end is known. */
interface RequestTrace {
  close(end: Pick<RequestRecord, 'status' | 'error'>): void
}

function recordRequest(run: Run, request: WireRequest, { quota, nowMs }: FetchServiceOptions): RequestTrace {
  const startedAtMs = nowMs()
  const record: { -readonly [K in keyof RequestRecord]: RequestRecord[K] } = {
    method: request.method.slice(0, maxMethodLength),
    url: request.url.slice(0, maxUrlLength),
    durationMs: 0,
  }
  run.recordRequest(record)
  return {
    close(end) {
      quota.close(run)
      record.durationMs = Math.round(nowMs() - startedAtMs)
      Object.assign(record, end)
    },
  }
}

function createRecorder(run: Run, post: FetchServiceOptions['post']): HttpRecorder {
  if (run.overrides?.isRecorded !== true) return noopHttpRecorder
  return createHttpRecorder(
    () => run.exchangeCount++,
    (text) => post({ type: 'exchange', id: run.id, text }),
  )
}

interface FetchFailure {
  readonly code?: string
  readonly message: string
}

function createTimeoutFailure(timeoutMs: number): FetchFailure {
  return { code: 'ETIMEDOUT', message: `the request took longer than ${timeoutMs} ms` }
}

/** What a rule may know of a failed request: the policy's reason or the system's code, but nothing internal to the host. */
function toFetchFailure(error: unknown): FetchFailure {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof HostCallError) return createFailure(cause.code, cause.message)
    const { code } = cause as { code?: unknown }
    if (typeof code === 'string' && cause.cause === undefined) return { code, message: `fetch failed: ${code}` }
  }
  return { message: error instanceof Error && !(error.cause instanceof Error) ? error.message : 'fetch failed' }
}

/** The network's messages quote what was sent. */
function hideSecrets(failure: FetchFailure, secrets: HostSecrets | undefined): FetchFailure {
  return secrets === undefined ? failure : { ...failure, message: secrets.hideText(failure.message) }
}

function createFailure(code: string | undefined, message: string): FetchFailure {
  return { message, ...(code === undefined ? {} : { code }) }
}
