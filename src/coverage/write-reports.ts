import type { CoverageMap } from 'istanbul-lib-coverage'
import report from 'istanbul-lib-report'
import reports from 'istanbul-reports'
import type { Reporter } from './reporters.ts'

/** Width of a table if the output is not a terminal. Wide enough for whole file names in a log. */
const logColumns = 160

/** Writes reports to `folder`. Reporters whose name begins with `text` write to the standard output. */
export function writeReports(map: CoverageMap, names: readonly Reporter[], folder: string): void {
  const context = report.createContext({ coverageMap: map, dir: folder, defaultSummarizer: 'nested' })
  const maxCols = process.stdout.columns ?? logColumns
  for (const name of names) reports.create(name, name === 'text' ? { maxCols } : {}).execute(context)
}

const metrics = ['statements', 'branches', 'functions', 'lines'] as const

/** Finds the metrics below `minimum` percent, each as a sentence. */
export function findUnmetThresholds(map: CoverageMap, minimum: number): readonly string[] {
  const summary = map.getCoverageSummary()
  return metrics.flatMap((metric) => {
    const { pct, total } = summary[metric]
    return total > 0 && pct < minimum ? [`${metric}: ${pct} % ran, ${minimum} % are asked for`] : []
  })
}
