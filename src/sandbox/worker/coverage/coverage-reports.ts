import type { RulesetIsolate } from '../isolate/isolate.ts'

/** Tells what isolates have run. */
export interface CoverageReports {
  /** Resolves when all has been told that ran up to now, in isolates that are on their way out as well. */
  report(isolate: RulesetIsolate | undefined): Promise<void>
}

/** `onCoverage` gets the JSON of a list of `RuleCounts`. */
export function createCoverageReports(onCoverage: (counts: string) => void): CoverageReports {
  const underWay = new Set<Promise<void>>()
  /** What is about to be asked of an isolate: logins that end in one turn of the event loop share the question. */
  const asked = new Set<RulesetIsolate>()

  async function take(isolate: RulesetIsolate): Promise<void> {
    await Promise.resolve()
    asked.delete(isolate)
    const counts = (await isolate.takeCoverage?.()) ?? []
    if (counts.length > 0) onCoverage(JSON.stringify(counts))
  }

  function ask(isolate: RulesetIsolate): void {
    if (asked.has(isolate)) return
    const taking = take(isolate)
    asked.add(isolate)
    underWay.add(taking)
    void taking.then(() => underWay.delete(taking))
  }

  return {
    async report(isolate) {
      if (isolate !== undefined) ask(isolate)
      await Promise.all(underWay)
    },
  }
}
