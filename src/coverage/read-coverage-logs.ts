import { readFileSync, readdirSync } from 'node:fs'
import { extname, join } from 'node:path'
import { mergeScriptCovs } from '@bcoe/v8-coverage'
import type { CoverageEntry } from '../engine/run/coverage-log.ts'
import type { FunctionCounts } from '../sandbox/wire/protocol.ts'

/** The coverage of one text of a rule, summed over all processes. */
export type MergedCoverage = CoverageEntry

/** Entries of a rule that are merged at once: enough to be fast, few enough to bound memory. */
const batchSize = 500

/** Reads and merges the logs that engines wrote to `folder`. A truncated last line is ignored. */
export function readCoverageLogs(folder: string): readonly MergedCoverage[] {
  const groups = new Map<string, { readonly entry: CoverageEntry; functions: FunctionCounts[][] }>()
  for (const name of readdirSync(folder)) {
    if (extname(name) !== '.ndjson') continue
    for (const line of readFileSync(join(folder, name), 'utf8').split('\n')) {
      const entry = parseEntry(line)
      if (entry === undefined) continue
      const key = `${entry.expressionHash} ${entry.file}`
      const group = groups.get(key) ?? { entry, functions: [] }
      groups.set(key, group)
      group.functions.push([...entry.functions])
      if (group.functions.length >= batchSize) group.functions = [mergeFunctions(group.functions)]
    }
  }
  return [...groups.values()].map(({ entry, functions }) => ({ ...entry, functions: mergeFunctions(functions) }))
}

function mergeFunctions(functions: readonly FunctionCounts[][]): FunctionCounts[] {
  const scripts = functions.map((one) => ({ scriptId: '', url: '', functions: structuredClone(one) as never }))
  return mergeScriptCovs(scripts)?.functions ?? []
}

function parseEntry(line: string): CoverageEntry | undefined {
  if (!line.endsWith('}')) return undefined
  try {
    return JSON.parse(line) as CoverageEntry
  } catch {
    return undefined
  }
}
