import { setPriority } from 'node:os'

/**
 * How much of the CPU a worker gets beside other processes:
 *
 * - `low`: less than the engine's own process and the other workers
 * - `lowest`: what nothing else needs
 */
export type LoweredPriority = 'low' | 'lowest'

const nicenessByPriority = { low: 10, lowest: 19 } as const satisfies Record<LoweredPriority, number>

/** Lowers the priority of a process. It cannot be raised again without privileges. */
export function lowerPriority(pid: number | undefined, priority: LoweredPriority): void {
  if (pid === undefined) return
  try {
    setPriority(pid, nicenessByPriority[priority])
  } catch {
    // The system forbids it, or the process has ended. Its runs have their limits in any case.
  }
}
