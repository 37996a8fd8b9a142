import coverage, { type CoverageMap } from 'istanbul-lib-coverage'
import { readCoverageLogs } from './read-coverage-logs.ts'
import { type CoveredFile, loadCoveredFile, toFileCoverage } from './rule-file-coverage.ts'

/** What ran of the rules, and what could not be told. */
export interface RulesCoverage {
  readonly map: CoverageMap
  /** Rules whose files have another text now than the one that ran. */
  readonly changedFiles: readonly string[]
}

/**
 * Works out which statements, branches and functions of rules ran, from what engines wrote to `folder`. `files` are rules
 * that belong into the report even where nothing ran them. Rules that came from no file are left out.
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
