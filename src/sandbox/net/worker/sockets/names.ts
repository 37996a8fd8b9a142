import type { WireResolve } from '../../connection-messages.ts'
import type { SandboxLimits } from '../../../wire/limits.ts'
import type { Login } from '../../../worker/run/login.ts'
import type { NetworkPolicy } from '../network-policy.ts'
import type { Service } from '../service.ts'
import { unlessAborted } from './dial.ts'
import { failureOf, tooLong } from './failure.ts'
import type { Ledger } from './ledger.ts'
import { resolve } from './resolve.ts'

/** What logins ask the name server. */
export interface Names {
  readonly ask: Service
  /** The name that one of the logins got this address for: it may connect to it by either. */
  nameOf(address: string, askers: Iterable<Login>): string | undefined
}

interface NamesOptions {
  readonly policy: NetworkPolicy
  readonly limits: SandboxLimits
  readonly ledger: Ledger
}

const maxNameLength = 255

export function createNames({ policy, limits, ledger }: NamesOptions): Names {
  const known = new WeakMap<Login, Map<string, string>>()

  function remember(login: Login, name: string, addresses: readonly string[]): void {
    const names = known.get(login) ?? new Map<string, string>()
    known.set(login, names)
    for (const address of addresses) names.set(address, name)
  }

  return {
    ask({ input, payer, waiting }, settle) {
      const question = JSON.parse(input) as WireResolve
      const { name, type } = question
      const entry = ledger.open(payer, { method: 'RESOLVE', url: `dns:${name.slice(0, maxNameLength)}?type=${type}` })
      const tooLate = AbortSignal.timeout(limits.requestTimeoutMs)
      unlessAborted(resolve(question, policy), tooLate).then(
        (found) => {
          entry.close()
          if (type === 'ADDRESS') for (const login of waiting) remember(login, name, found as readonly string[])
          settle(true, JSON.stringify(found))
        },
        (error: unknown) => {
          const failure = tooLate.aborted ? tooLong(limits) : failureOf(error)
          entry.close(failure)
          settle(false, JSON.stringify(failure))
        },
      )
      return () => entry.close()
    },
    nameOf(address, askers) {
      for (const login of askers) {
        const name = known.get(login)?.get(address)
        if (name !== undefined) return name
      }
      return undefined
    },
  }
}
