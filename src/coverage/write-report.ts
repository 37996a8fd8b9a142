import type { CoverageMap } from 'istanbul-lib-coverage'
import report from 'istanbul-lib-report'
import reports from 'istanbul-reports'

export const reporters = [
  'text',
  'text-summary',
  'lcov',
  'lcovonly',
  'html',
  'json',
  'json-summary',
  'cobertura',
] as const

export type Reporter = (typeof reporters)[number]

/** Writes reports to `folder`; those whose name begins with `text` go to the standard output. */
export function writeReports(map: CoverageMap, names: readonly Reporter[], folder: string): void {
  const context = report.createContext({ coverageMap: map, dir: folder, defaultSummarizer: 'nested' })
  for (const name of names) reports.create(name).execute(context)
}

const metrics = ['statements', 'branches', 'functions', 'lines'] as const

/** What stays below `least`, in percent, as a sentence each. */
export function misses(map: CoverageMap, least: number): readonly string[] {
  const summary = map.getCoverageSummary()
  return metrics.flatMap((metric) => {
    const { pct, total } = summary[metric]
    return total > 0 && pct < least ? [`${metric}: ${pct} % ran, ${least} % are asked for`] : []
  })
}
