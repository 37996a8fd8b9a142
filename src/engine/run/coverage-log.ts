import { createHash, randomUUID } from 'node:crypto'
import { appendFileSync, mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import type { FunctionCounts, Program, RuleCounts } from '../../sandbox/wire/protocol.ts'

/** What ran of a rule, as one line of a coverage log. */
export interface CoverageEntry {
  /** The absolute path of the rule, if it came from a file. */
  readonly file: string
  /** Identifies the source that the offsets refer to. */
  readonly expressionHash: string
  readonly functions: readonly FunctionCounts[]
}

/**
 * Writes what rules ran to a new file in `folder`. Each line is written at once, so that nothing is lost if the process is
 * killed. Undefined without a folder.
 *
 * @throws {ClaimsmithError} INVALID_ARGUMENT if the folder cannot be written to
 */
export function createCoverageLog(
  folder: string | undefined,
): ((program: Program, counts: readonly RuleCounts[]) => void) | undefined {
  if (folder === undefined || folder === '') return undefined
  const path = join(folder, `${process.pid}-${randomUUID()}.ndjson`)
  const hashes = new Map<string, string>()
  try {
    mkdirSync(folder, { recursive: true })
  } catch (cause) {
    const message = `CLAIMSMITH_COVERAGE is "${folder}", which cannot be written to: expected a folder.`
    throw new ClaimsmithError('INVALID_ARGUMENT', message, { cause })
  }

  function lookupHash(expression: string): string {
    const cached = hashes.get(expression)
    if (cached !== undefined) return cached
    const hash = hashExpression(expression)
    hashes.set(expression, hash)
    return hash
  }

  return (program, counts) => {
    const lines = counts.flatMap(({ rule, functions }) => {
      const source = program.rules[rule]
      if (source === undefined) return []
      const { filename, expression } = source
      const entry: CoverageEntry = { file: resolve(filename), expressionHash: lookupHash(expression), functions }
      return [`${JSON.stringify(entry)}\n`]
    })
    appendFileSync(path, lines.join(''))
  }
}

export function hashExpression(expression: string): string {
  return createHash('sha256').update(expression).digest('hex')
}
