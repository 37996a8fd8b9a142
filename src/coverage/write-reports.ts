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

/** How wide a table is that no terminal shows: file names are to be whole in a log. */
const logColumns = 160

/** Writes reports to `folder`; those whose name begins with `text` go to the standard output. */
export function writeReports(map: CoverageMap, names: readonly Reporter[], folder: string): void {
  const context = report.createContext({ coverageMap: map, dir: folder, defaultSummarizer: 'nested' })
  const maxCols = process.stdout.columns ?? logColumns
  for (const name of names) reports.create(name, name === 'text' ? { maxCols } : {}).execute(context)
}

const metrics = ['statements', 'branches', 'functions', 'lines'] as const

/** What stays below `least`, in percent, as a sentence each. */
export function findUnmetThresholds(map: CoverageMap, minimum: number): readonly string[] {
  const summary = map.getCoverageSummary()
  return metrics.flatMap((metric) => {
    const { pct, total } = summary[metric]
    return total > 0 && pct < minimum ? [`${metric}: ${pct} % ran, ${minimum} % are asked for`] : []
  })
}
