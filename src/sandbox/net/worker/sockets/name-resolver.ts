import { resolveSrv, resolveTxt } from 'node:dns/promises'
import type { WireRecords, WireResolve } from '../../connection-messages.ts'
import { HostCallError } from '../host-call-error.ts'
import { selectAddresses } from '../find-address.ts'
import type { SandboxLimits } from '../../../wire/limits.ts'
import type { OutboundRun, RuleEgress } from '../outbound-run.ts'
import type { NetworkPolicy } from '../network-policy.ts'
import { resolveAddresses } from '../resolve-addresses.ts'
import type { Service } from '../service.ts'
import { rejectOnAbort } from './dial.ts'
import { toConnectionFailure, toTimeoutFailure } from './connection-failure.ts'
import type { RequestTracker } from './request-tracker.ts'

/** Resolves names for rules. */
export interface NameResolver {
  readonly resolve: Service
  /** The name that one of the runs got this address for. The run may connect to the name or to the address. */
  findName(address: string, callers: Iterable<OutboundRun>): string | undefined
}

interface NameResolverOptions {
  readonly policy: NetworkPolicy
  readonly limits: SandboxLimits
  readonly tracker: RequestTracker
}

const maxNameLength = 255

export function createNameResolver({ policy, limits, tracker }: NameResolverOptions): NameResolver {
  const namesByRun = new WeakMap<OutboundRun, Map<string, string>>()

  function rememberName(run: OutboundRun, name: string, addresses: readonly string[]): void {
    const names = namesByRun.get(run) ?? new Map<string, string>()
    namesByRun.set(run, names)
    for (const address of addresses) names.set(address, name)
  }

  return {
    resolve({ input, owner, waiters, egress }, settle) {
      const query = JSON.parse(input) as WireResolve
      const { name, type } = query
      const trackedRequest = tracker.open(owner, {
        method: 'RESOLVE',
        url: `dns:${name.slice(0, maxNameLength)}?type=${type}`,
      })
      const timeoutSignal = AbortSignal.timeout(limits.requestTimeoutMs)
      rejectOnAbort(resolveName(query, policy, egress), timeoutSignal).then(
        (records) => {
          trackedRequest.close()
          if (type === 'ADDRESS') for (const run of waiters) rememberName(run, name, records as readonly string[])
          settle(true, JSON.stringify(records))
        },
        (error: unknown) => {
          const failure = timeoutSignal.aborted ? toTimeoutFailure(limits) : toConnectionFailure(error)
          trackedRequest.close(failure)
          settle(false, JSON.stringify(failure))
        },
      )
      return () => trackedRequest.close()
    },
    findName(address, callers) {
      for (const run of callers) {
        const name = namesByRun.get(run)?.get(address)
        if (name !== undefined) return name
      }
      return undefined
    },
  }
}

/** Asks the name server. Only addresses that rules may connect to are returned. */
async function resolveName(
  { name, type }: WireResolve,
  policy: NetworkPolicy,
  egress: RuleEgress,
): Promise<WireRecords[keyof WireRecords]> {
  // `_mongodb._tcp.db.example` is a query about db.example.
  const hostReason = policy.checkHost(name.replace(/^(?:_[\w-]+\.)+/, ''), undefined, egress)
  if (hostReason !== undefined) throw new HostCallError('NETWORK_REFUSED', `lookup of ${name} refused: ${hostReason}`)
  if (type === 'SRV') return resolveSrv(name)
  if (type === 'TXT') return resolveTxt(name)
  return selectAddresses(name, await resolveAddresses(name), (address) => {
    const reason = policy.checkAddress(address, name)
    return reason && `lookup refused: ${reason}`
  })
}
