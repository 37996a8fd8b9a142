declare module '@bcoe/v8-coverage' {
  import type { Profiler } from 'node:inspector'

  /** Sums the counts of one script over several processes or points in time. */
  export function mergeScriptCovs(scripts: readonly Profiler.ScriptCoverage[]): Profiler.ScriptCoverage | undefined
}
