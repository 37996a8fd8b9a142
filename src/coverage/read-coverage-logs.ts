import { readFileSync, readdirSync } from 'node:fs'
import { extname, join } from 'node:path'
import { mergeScriptCovs } from '@bcoe/v8-coverage'
import type { CoverageEntry } from '../engine/run/coverage-log.ts'
import type { FunctionCounts } from '../sandbox/wire/protocol.ts'

/** What ran of one text of a rule, in all processes together. */
export type MergedCoverage = CoverageEntry

/** How many entries of a rule are added up at once: enough to be quick, and few enough to keep memory small. */
const batchSize = 500

/** Reads what engines wrote to `folder`, and adds it up. A last line that was cut off counts for nothing. */
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
