import coverage, { type CoverageMap } from 'istanbul-lib-coverage'
import { readCoverageLogs } from './read-log.ts'
import { type CoveredFile, coveredFile, fileCoverage } from './rule-file-coverage.ts'

/** What ran of the rules, and what could not be told. */
export interface RulesCoverage {
  readonly map: CoverageMap
  /** Rules whose files have another text now than the one that ran. */
  readonly changed: readonly string[]
}

/**
 * Works out which statements, branches and functions of rules ran, from what engines wrote to `folder`. `files` are rules
 * that belong into the report even where nothing ran them. Rules that came from no file are left out.
 */
export async function coverRules(folder: string, files: readonly string[] = []): Promise<RulesCoverage> {
  const map = coverage.createCoverageMap({})
  const changed: string[] = []
  const known = new Map<string, CoveredFile | undefined>()
  const fileOf = (path: string): CoveredFile | undefined => {
    if (!known.has(path)) known.set(path, coveredFile(path))
    return known.get(path)
  }
  const ran = new Set<string>()
  for (const { file, expressionHash, functions } of readCoverageLogs(folder)) {
    const covered = fileOf(file)
    if (covered === undefined) continue
    if (covered.expressionHash !== expressionHash) {
      changed.push(file)
      continue
    }
    ran.add(file)
    map.addFileCoverage(await fileCoverage(covered, functions))
  }
  for (const file of files) {
    const covered = ran.has(file) ? undefined : fileOf(file)
    if (covered !== undefined) map.addFileCoverage(await fileCoverage(covered, []))
  }
  return { map, changed: changed.filter((file) => !ran.has(file)) }
}
