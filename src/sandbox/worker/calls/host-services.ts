import { HostCallError } from '../../net/worker/host-call-error.ts'
import type { OutboundQuota } from '../../net/worker/outbound-quota.ts'
import type { RuleFetch } from '../../net/worker/redirects.ts'
import type { Service } from '../../net/worker/service.ts'
import type { Sockets } from '../../net/worker/sockets/sockets.ts'
import type { SandboxLimits } from '../../wire/limits.ts'
import type { FromWorker } from '../../wire/protocol.ts'
import type { Run } from '../run/run.ts'
import { createFetchService } from './fetch-service.ts'
import { createSubtleService } from './subtle-service.ts'

/** Does the work of one kind of op for a run. */
export type HostService = Service<Run>

/** What the worker does for rules. */
export interface HostServices {
  /** Reports to the parent, once, that the run has an effect outside the sandbox, or waits for an op that has one. */
  markSideEffect(run: Run): void
  /** Loads the HTTP client, once in a worker's life. */
  preloadHttpClient(): void
  readonly timer: HostService
  readonly fetch: HostService
  /** WebCrypto. It runs on threads of the worker, and has no effect outside the sandbox. */
  readonly subtle: HostService
  readonly getSocketService: (name: string) => HostService
  /** The socket calls that are answered at once. */
  readonly callSocketSync: Sockets['callSync']
  /** Closes the connections of a run that is over. */
  readonly closeConnections: (run: Run) => void
  /** Work of the embedder's process, such as `users.updateUserMetadata`. */
  readonly getParentService: (name: string) => HostService
}

interface HostServiceOptions {
  /** Loads the HTTP client with the first call. */
  readonly fetch: () => RuleFetch
  readonly sockets: Sockets
  readonly quota: OutboundQuota
  readonly limits: SandboxLimits
  readonly post: (message: FromWorker) => void
  readonly nowMs: () => number
}

const noop = (): void => undefined

export function createHostServices(options: HostServiceOptions): HostServices {
  const { fetch, sockets, post } = options

  function markSideEffect(run: Run): void {
    if (run.hasSideEffects) return
    run.hasSideEffects = true
    post({ type: 'sideEffect', id: run.id })
  }

  return {
    markSideEffect,
    preloadHttpClient: () => void fetch(),
    timer: startTimer,
    fetch: createFetchService({ ...options, markSideEffect }),
    subtle: createSubtleService(),

    getSocketService: (name) => (opRequest, settle) => {
      const { owner, egress } = opRequest
      egress.secrets?.assertNotSent(opRequest.input)
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

const startTimer: HostService = ({ input }, settle) => {
  const timer = setTimeout(() => settle(true, ''), Number(input))
  return () => clearTimeout(timer)
}
