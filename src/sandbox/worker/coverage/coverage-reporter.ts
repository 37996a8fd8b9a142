import type { RulesetIsolate } from '../isolate/isolate.ts'

/** Reports what isolates have run. */
export interface CoverageReporter {
  /** Resolves when everything that ran so far is reported, in discarded isolates too. */
  report(isolate: RulesetIsolate | undefined): Promise<void>
}

/** `onCoverage` gets the JSON of a list of `RuleCounts`. */
export function createCoverageReporter(onCoverage: (counts: string) => void): CoverageReporter {
  const pendingReports = new Set<Promise<void>>()
  /** Isolates whose counts are about to be taken: runs that end in one turn of the event loop share a report. */
  const scheduledIsolates = new Set<RulesetIsolate>()

  async function takeCounts(isolate: RulesetIsolate): Promise<void> {
    await Promise.resolve()
    scheduledIsolates.delete(isolate)
    const counts = (await isolate.takeCoverage?.()) ?? []
    if (counts.length > 0) onCoverage(JSON.stringify(counts))
  }

  function scheduleReport(isolate: RulesetIsolate): void {
    if (scheduledIsolates.has(isolate)) return
    const pendingReport = takeCounts(isolate)
    scheduledIsolates.add(isolate)
    pendingReports.add(pendingReport)
    void pendingReport.then(() => pendingReports.delete(pendingReport))
  }

  return {
    async report(isolate) {
      if (isolate !== undefined) scheduleReport(isolate)
      await Promise.all(pendingReports)
    },
  }
}
