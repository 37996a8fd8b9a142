import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { type Expression, parseExpressionAt } from 'acorn'
import { convert } from 'ast-v8-to-istanbul'
import type { FileCoverageData, Location } from 'istanbul-lib-coverage'
import { hashExpression } from '../engine/run/coverage-log.ts'
import { isFile } from '../rules/folder/folder-files.ts'
import { getBaseName, hasRuleExtension } from '../rules/folder/read-rules.ts'
import { type LoadedRule, loadRuleFile } from '../rules/ruleset/ruleset.ts'
import type { FunctionCounts } from '../sandbox/wire/protocol.ts'

/** A rule's file, and the expression that the sandbox makes of it. */
export interface CoveredFile {
  readonly file: string
  readonly text: string
  readonly rule: LoadedRule
  readonly expressionHash: string
}

/** Loads a rule's file as the sandbox does. Returns undefined if the file does not exist or is not a rule. */
export function loadCoveredFile(file: string): CoveredFile | undefined {
  if (!isFile(file) || !hasRuleExtension(file)) return undefined
  const text = readFileSync(file, 'utf8')
  try {
    const rule = loadRuleFile({ name: getBaseName(file), file, script: text }, { onError: 'deny', secrets: {} })
    return { file, text, rule, expressionHash: hashExpression(rule.expression) }
  } catch {
    return undefined
  }
}

/** Computes the coverage of a rule in lines and columns of its file. `functions` is empty if it did not run. */
export async function toFileCoverage(
  { file, text, rule }: CoveredFile,
  functions: readonly FunctionCounts[],
): Promise<FileCoverageData> {
  const { expression } = rule
  const value = parseExpressionAt(expression, 0, { ecmaVersion: 'latest', sourceType: 'script' })
  const { start, end } = value
  const statement = { type: 'ExpressionStatement', start, end, expression: value }
  const url = pathToFileURL(file).href
  const wholeRange = { startOffset: 0, endOffset: expression.length, count: functions.length === 0 ? 0 : 1 }
  const ownCode = findOwnCode(value, rule, text)
  const map = await convert({
    code: expression,
    ast: { type: 'Program', sourceType: 'script', start, end, body: [statement] } as never,
    coverage: {
      url,
      functions: [{ functionName: '', isBlockCoverage: true, ranges: [wholeRange] }, ...functions] as never,
    },
    ignoreNode: (node) => (node as unknown) === statement || !ownCode.isOwn(node as unknown as NodeRange),
  })
  const [data] = Object.values(map)
  return shiftColumns({ ...(data as unknown as FileCoverageData), path: file }, ownCode.shift)
}

const comparedLength = 20

interface NodeRange {
  readonly start: number
  readonly end: number
}

/** Finds which code of an expression is from the rule's file, and by how many columns its first line was shifted. */
function findOwnCode(
  value: Expression,
  { kind, expression, filename }: LoadedRule,
  text: string,
): { readonly isOwn: (node: NodeRange) => boolean; readonly shift: number } {
  const isWrapped = kind === 'action' || value.type === 'CallExpression'
  if (!isWrapped) return { isOwn: () => true, shift: 0 }
  // The closing code has the last line to itself. A node that reaches into it is not from the file.
  const end = expression.lastIndexOf('\n')
  return { isOwn: (node) => node.end <= end, shift: filename.endsWith('.ts') ? 0 : measureShift(expression, text) }
}

/** An opening replaces blanks. If there were too few, it shifted the code after it in the line. */
function measureShift(expression: string, text: string): number {
  if (!expression.startsWith('(')) return 0
  const opening = expression.indexOf('{') + 1
  const codeStart = expression.slice(opening).search(/\S/) + opening
  return text.replace(/^\uFEFF/, '').startsWith(expression.slice(codeStart, codeStart + comparedLength), codeStart)
    ? 0
    : opening
}

/** Shifts positions in the first line back to the left. */
function shiftColumns(data: FileCoverageData, by: number): FileCoverageData {
  if (by === 0) return data
  return JSON.parse(JSON.stringify(data), (_, value: unknown) => {
    const { line, column } = (value ?? {}) as Partial<Location>
    return line === 1 && column !== undefined ? { line, column: Math.max(0, column - by) } : value
  }) as FileCoverageData
}
