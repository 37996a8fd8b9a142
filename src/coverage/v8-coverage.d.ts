declare module '@bcoe/v8-coverage' {
  import type { Profiler } from 'node:inspector'

  /** Adds up what several processes, or moments, counted of one script. */
  export function mergeScriptCovs(scripts: readonly Profiler.ScriptCoverage[]): Profiler.ScriptCoverage | undefined
}
