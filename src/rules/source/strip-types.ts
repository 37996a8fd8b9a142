import { parse, type Program, type Token } from 'acorn'
import type * as Esbuild from 'esbuild'
import { SourceMap, createRequire } from 'node:module'
import { listExportedHandlers } from './dialect.ts'
import { findNamelessFunction } from './find-nameless-function.ts'
import { hasFunctionBefore } from './has-function-before.ts'
import {
  createShapeError,
  createShapeErrorAt,
  createSyntaxError,
  missingName,
  type SourceLocation,
  valueImport,
} from '../ruleset/rule-errors.ts'
import type { RuleFile } from '../folder/rule-file.ts'

const require = createRequire(import.meta.url)

/** Both have the same length, so that replacing one by the other moves no column. */
const exportDefault = 'export default '
const moduleExports = 'module.exports='

interface TranspiledScript {
  readonly code: string
  readonly map: string
  /** Characters that were put before the first line. */
  readonly shift: number
}

/** Maps an offset of the code to the source's line and column, from 0; undefined if the source map has no entry for its line. */
type Locate = (offset: number) => { readonly line: number; readonly column: number } | undefined

/**
 * Turns a TypeScript rule into a script whose code keeps its lines.
 *
 * Types are removed, not checked. A rule may be the default export, and an action exports its handlers. Other imports and
 * exports are refused, because a rule is a script.
 *
 * @throws {ClaimsmithError} RULE_SYNTAX if esbuild cannot parse it, or it imports or exports anything else
 */
export function stripTypes(rule: RuleFile): RuleFile {
  const transpiled = transpile(rule)
  const tokens: Token[] = []
  const program = parse(transpiled.code, { ecmaVersion: 'latest', sourceType: 'module', onToken: tokens })
  const locate = createLocator(transpiled)
  assertNoModuleSyntax(rule, program, locate)
  const { code, end } = toScript(program, transpiled.code)
  return { ...rule, script: restoreLines(code, tokens, { locate, defaultExportEnd: end }) }
}

function transpile(rule: RuleFile): TranspiledScript {
  const plain = transform(rule.script, '')
  if (!('errors' in plain)) return plain
  // A function without a name is not a statement. As a default export it parses.
  const transpiledExport = transform(rule.script, exportDefault)
  if (!('errors' in transpiledExport)) return transpiledExport
  const [failure, exportFailure] = [toParseFailure(plain, ''), toParseFailure(transpiledExport, exportDefault)]
  throw toSyntaxError(rule, pickFurthest(failure, exportFailure))
}

function transform(script: string, prefix: string): TranspiledScript | Esbuild.TransformFailure {
  try {
    // Loaded on demand: most rules have no types.
    const { transformSync } = require('esbuild') as typeof Esbuild
    const { code, map } = transformSync(prefix + script, {
      loader: 'ts',
      target: 'esnext',
      charset: 'utf8',
      legalComments: 'none',
      sourcemap: 'external',
      logLevel: 'silent',
    })
    return { code, map, shift: prefix.length }
  } catch (error) {
    if (error instanceof Error && 'errors' in error) return error as Esbuild.TransformFailure
    throw error
  }
}

/** Where and why esbuild could not parse a script, whose first line it got after `prefix`. Line and column count from 1. */
interface TypeFailure extends SourceLocation {
  readonly reason: string
}

function toParseFailure({ errors: [message] }: Esbuild.TransformFailure, prefix: string): TypeFailure {
  const { line = 1, column = 0, lineText = '' } = message?.location ?? {}
  // esbuild counts columns in bytes of UTF-8.
  const characters = Buffer.from(lineText).subarray(0, column).toString().length
  const shift = line === 1 ? prefix.length : 0
  return { line, column: Math.max(0, characters - shift) + 1, reason: message?.text ?? 'This is no TypeScript' }
}

/** Picks the failure further into the text: that parse matched the author's intention better. */
function pickFurthest(one: TypeFailure, other: TypeFailure): TypeFailure {
  return other.line > one.line || (other.line === one.line && other.column > one.column) ? other : one
}

function toSyntaxError(rule: RuleFile, { line, column, reason }: TypeFailure): Error {
  const lines = rule.script.split('\n').slice(0, line)
  const offset = lines.slice(0, -1).reduce((sum, text) => sum + text.length + 1, column - 1)
  const namelessStart = findNamelessFunction(rule.script, offset)
  if (namelessStart !== undefined) return createShapeErrorAt(rule, rule.script, namelessStart, missingName)
  const createError = hasFunctionBefore(rule.script, offset) ? createSyntaxError : createShapeError
  return createError(rule, { line, column }, reason)
}

function createLocator({ code, map, shift }: TranspiledScript): Locate {
  const sourceMap = new SourceMap(JSON.parse(map) as ConstructorParameters<typeof SourceMap>[0])
  const lineStarts = [0, ...[...code.matchAll(/\n/g)].map(({ index }) => index + 1)]
  return (offset) => {
    const line = lineStarts.findLastIndex((start) => start <= offset)
    const entry = sourceMap.findEntry(line, offset - (lineStarts[line] ?? 0))
    if (!('generatedLine' in entry) || entry.generatedLine !== line) return undefined
    const isFirst = entry.originalLine === 0
    return { line: entry.originalLine, column: Math.max(0, entry.originalColumn - (isFirst ? shift : 0)) }
  }
}

function assertNoModuleSyntax(rule: RuleFile, program: Program, locate: Locate): void {
  const isAction = listExportedHandlers(program).length > 0
  const stray = program.body.find(
    (node) =>
      /^(Import|ExportAll)Declaration$/.test(node.type) ||
      (node.type === 'ExportNamedDeclaration' && (!isAction || node.source != null)),
  )
  if (stray === undefined) return
  const { line, column } = locate(stray.start) ?? { line: 0, column: 0 }
  const reason =
    stray.type === 'ImportDeclaration' ? valueImport : 'A rule exports only its default, and an action its handlers'
  throw createShapeError(rule, { line: line + 1, column: column + 1 }, reason)
}

function toScript(program: Program, code: string): { code: string; end?: number } {
  const defaultExport = program.body.find((statement) => statement.type === 'ExportDefaultDeclaration')
  if (defaultExport === undefined) return { code }
  const { start, end } = defaultExport
  return { code: code.slice(0, start) + moduleExports + code.slice(start + exportDefault.length), end }
}

/**
 * Puts the code back on the lines of its source.
 *
 * Only line ends between two tokens move, never one inside a template. A line more or less there changes no meaning, because
 * esbuild writes every semicolon.
 */
function restoreLines(
  code: string,
  tokens: readonly Token[],
  { locate, defaultExportEnd }: { locate: Locate; defaultExportEnd: number | undefined },
): string {
  let [script, end, line] = ['', 0, 0]
  const append = (text: string): void => {
    script += text
    line += text.split('\n').length - 1
  }
  const createGap = ({ start }: Token): string => {
    const location = locate(start)
    const isLater = location !== undefined && (location.line > line || end === 0)
    return isLater ? '\n'.repeat(location.line - line) + ' '.repeat(location.column) : ' '
  }
  for (const token of tokens) {
    const gap = code.slice(end, token.start)
    if (end > 0 && end === defaultExportEnd) append(';')
    append(end === 0 || gap.includes('\n') ? createGap(token) : gap)
    append(code.slice(token.start, token.end))
    end = token.end
  }
  return script
}
