/** Memory and other limits are reached before this CPU is used up. */
export const enoughCpu = { cpuPerRuleMs: 2_000, cpuPerLoginMs: 3_000 }

/** Enough for a machine that takes seconds to fill half a gigabyte. */
export const muchCpu = { cpuPerRuleMs: 15_000, cpuPerLoginMs: 15_000, wallPerRuleMs: 18_000 }

/** CPU is used up before this memory is full. */
export const muchMemory = { isolateHeapMb: 512, workerRssMb: 2_000 }

/**
 * A `Map` fills this heap soon. V8 may then freeze the thread for good, and the host waits as long as the CPU would last: so
 * that is short, too.
 */
export const littleMemory = { ...enoughCpu, cpuPerLoginMs: 2_000, isolateHeapMb: 16 }

/** The deadline comes soon, and before the CPU is used up. */
export const littleTime = { ...enoughCpu, wallPerRuleMs: 300, wallPerLoginMs: 600 }

/** Wide: the case is about something else, on a machine that may be busy. */
export const wide = {
  cpuPerRuleMs: 60_000,
  cpuPerLoginMs: 60_000,
  wallPerRuleMs: 90_000,
  wallPerLoginMs: 100_000,
  workers: 1,
}
