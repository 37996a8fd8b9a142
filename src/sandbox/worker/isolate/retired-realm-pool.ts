import type { SandboxLimits } from '../../wire/limits.ts'
import type { WorkerClock } from '../run/clock.ts'
import type { RealmLease } from '../run/run.ts'

/** Functions and instances on `global` may keep one realm alive for each part of the isolate's heap of this size. */
const heapMbPerRealm = 8
/** If more of the heap is in use after garbage was collected, no realm is kept: closures may hold what cannot be found. */
const maxHeapUse = 0.65
/** Time limit of the search through `global`, on an idle machine. */
const retireTimeoutMs = 250

export interface RetiredRealmOptions {
  readonly limits: SandboxLimits
  readonly clock: WorkerClock
  /** The part of its heap limit that the isolate uses. */
  readonly readHeapUse: () => number
}

/**
 * The realms of an isolate that no login will use again, but that functions or instances on `global` need. Their code goes on
 * to run for other logins.
 *
 * A lease is added when its last run is over. It is disposed when nothing on `global` needs it any more.
 */
export class RetiredRealmPool {
  readonly #options: RetiredRealmOptions
  readonly #maxRealms: number
  readonly #leases = new Map<number, RealmLease>()
  #removedMembers: string[] = []
  #lastHeapUse = 0

  constructor(options: RetiredRealmOptions) {
    this.#options = options
    this.#maxRealms = Math.max(1, Math.floor(options.limits.isolateHeapMb / heapMbPerRealm))
  }

  /** Copies what `global` has of the realm, and disposes the realms that are not needed. Returns false if the isolate is broken. */
  add(lease: RealmLease): boolean {
    const { realm } = lease
    const { clock } = this.#options
    this.#leases.set(realm.id, lease)
    try {
      const timeoutMs = Math.ceil(retireTimeoutMs * clock.getSlowdown())
      const maxRealms = this.#isHeapCrowded() ? 0 : this.#maxRealms
      const { needed, removedMembers } = realm.retire(maxRealms, timeoutMs)
      this.#removedMembers.push(...removedMembers)
      for (const [id, retired] of this.#leases) if (!needed.includes(id)) this.#dispose(id, retired)
      return true
    } catch {
      // It was terminated, or the isolate has no memory left.
      return false
    }
  }

  /** The isolate was discarded with all realms. */
  discard(): void {
    for (const lease of this.#leases.values()) lease.isDisposed = true
    this.#leases.clear()
    this.#removedMembers = []
  }

  /** Returns what the trace of the next login says. */
  takeWarnings(): readonly string[] {
    return this.#removedMembers.splice(0).map(describeRemovedMember)
  }

  /** Garbage counts as used until it is collected. A decrease shows that it was. */
  #isHeapCrowded(): boolean {
    const heapUse = this.#options.readHeapUse()
    const hasDecreased = heapUse < this.#lastHeapUse
    this.#lastHeapUse = heapUse
    return hasDecreased && heapUse > maxHeapUse
  }

  #dispose(id: number, lease: RealmLease): void {
    this.#leases.delete(id)
    lease.isDisposed = true
    lease.realm.dispose()
  }
}

function describeRemovedMember(member: string): string {
  return `global.${member} has lost functions or class instances of earlier logins: they kept too many realms in memory. Keep one client for all logins, and make it again if it is missing`
}
