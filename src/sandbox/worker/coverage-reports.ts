import type { RulesetIsolate } from './isolate.ts'

/** Tells what isolates have run. */
export interface CoverageReports {
  /** Resolves when all has been told that ran up to now, in isolates that are on their way out as well. */
  report(isolate: RulesetIsolate | undefined): Promise<void>
}

/** `onCoverage` gets the JSON of a list of `RuleCounts`. */
export function createCoverageReports(onCoverage: (counts: string) => void): CoverageReports {
  const underWay = new Set<Promise<void>>()

  async function take(isolate: RulesetIsolate): Promise<void> {
    const counts = (await isolate.takeCoverage?.()) ?? []
    if (counts.length > 0) onCoverage(JSON.stringify(counts))
  }

  return {
    async report(isolate) {
      if (isolate !== undefined) {
        const taking = take(isolate)
        underWay.add(taking)
        void taking.then(() => underWay.delete(taking))
      }
      await Promise.all(underWay)
    },
  }
}
