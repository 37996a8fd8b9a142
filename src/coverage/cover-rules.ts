import coverage, { type CoverageMap } from 'istanbul-lib-coverage'
import { readCoverageLogs } from './read-coverage-logs.ts'
import { type CoveredFile, loadCoveredFile, toFileCoverage } from './rule-file-coverage.ts'

/** The coverage of rules, and the rules that could not be measured. */
export interface RulesCoverage {
  readonly map: CoverageMap
  /** Files that changed since their rule ran. */
  readonly changedFiles: readonly string[]
}

/**
 * Computes the coverage of rules from the logs that engines wrote to `folder`.
 *
 * `files` are in the report even if they never ran. Rules without a file are omitted.
 */
export async function coverRules(folder: string, files: readonly string[] = []): Promise<RulesCoverage> {
  const map = coverage.createCoverageMap({})
  const changedFiles: string[] = []
  const coveredFiles = new Map<string, CoveredFile | undefined>()
  const getCoveredFile = (path: string): CoveredFile | undefined => {
    if (!coveredFiles.has(path)) coveredFiles.set(path, loadCoveredFile(path))
    return coveredFiles.get(path)
  }
  const ranFiles = new Set<string>()
  for (const { file, expressionHash, functions } of readCoverageLogs(folder)) {
    const coveredFile = getCoveredFile(file)
    if (coveredFile === undefined) continue
    if (coveredFile.expressionHash !== expressionHash) {
      changedFiles.push(file)
      continue
    }
    ranFiles.add(file)
    map.addFileCoverage(await toFileCoverage(coveredFile, functions))
  }
  for (const file of files) {
    const coveredFile = ranFiles.has(file) ? undefined : getCoveredFile(file)
    if (coveredFile !== undefined) map.addFileCoverage(await toFileCoverage(coveredFile, []))
  }
  return { map, changedFiles: changedFiles.filter((file) => !ranFiles.has(file)) }
}
