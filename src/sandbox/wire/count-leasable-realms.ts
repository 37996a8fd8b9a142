import type { SandboxLimits } from './limits.ts'

/** A realm takes about 1 MB of its isolate's heap; the other half is for what rules do. */
const heapMbPerRealm = 2

/** Returns how many logins of one ruleset a worker may have if most of them wait for a service. */
export function countLeasableRealms({ maxRealms, isolateHeapMb }: SandboxLimits): number {
  return Math.max(maxRealms, Math.floor(isolateHeapMb / heapMbPerRealm))
}
