import { applyChanges } from './apply-changes.ts'
import { type EncodedValue, type Marks, restoreMarked } from './codec.ts'
import type { SandboxLimits } from './limits.ts'
import type { WireResult } from './protocol.ts'
import { readRecords, type RuleRecord } from './records.ts'

/** Checks of what a worker sends as the result of a login. A compromised worker may send anything. */

/** A tree of this depth is safe for functions that call themselves for each level, such as `JSON.stringify`. */
const maxSafeDepth = 2_000
/** Objects and lists of a result, each counted as often as it is referred to. */
const maxContainers = 1_000_000
/** Levels around a value: the lists and objects of a message. */
const maxEnvelopeDepth = 12

/**
 * Reads the records of a result; undefined if any part of it is malformed, refers to itself, or is deeper or larger than a
 * worker lets it be. `loginText` is the login that was sent to the worker.
 */
export function readSafeRecords(
  result: WireResult,
  loginText: string,
  limits: SandboxLimits,
): RuleRecord[] | undefined {
  const { login, rules, metadata } = result
  const maxDepth = limits.maxDepth + maxEnvelopeDepth
  // Marks alone may be longer than a value that has them.
  const maxLength = (result.isDelta === true ? 4 : 1) * limits.maxOutputBytes
  if (login.length > maxLength || isDeeper(login, maxDepth) || isDeeper(rules, maxDepth)) return undefined
  if (metadata !== undefined && !isBoundedTree(metadata)) return undefined
  const records = readRecords(rules)
  return records !== undefined && hasBoundedReferences(result, records, loginText) ? records : undefined
}

/** Whether a JSON text nests deeper than this. Works without a stack. */
function isDeeper(json: string, maxDepth: number): boolean {
  // Each level takes two characters.
  if (json.length < 2 * maxDepth) return false
  let depth = 0
  let isInText = false
  for (let index = 0; index < json.length; index++) {
    const code = json.charCodeAt(index)
    if (isInText) {
      if (code === backslash) index++
      else if (code === quote) isInText = false
    } else if (code === quote) isInText = true
    else if (code === openBracket || code === openBrace) {
      if (++depth > maxDepth) return true
    } else if (code === closeBracket || code === closeBrace) depth--
  }
  return false
}

const quote = 0x22
const backslash = 0x5c
const openBracket = 0x5b
const closeBracket = 0x5d
const openBrace = 0x7b
const closeBrace = 0x7d

/** Marks let a value refer to another place in it: to an ancestor, or again and again to something large. */
function hasBoundedReferences(
  { login, isDelta }: WireResult,
  records: readonly RuleRecord[],
  loginText: string,
): boolean {
  if (login === '') return true
  try {
    const parsed: unknown = JSON.parse(login)
    if (isDelta !== true) {
      const [value, marks] = parsed as EncodedValue
      return isBoundedTree(marks === undefined ? value : restoreMarked(value, marks))
    }
    const marks = parsed as Marks
    if (marks.shared.length === 0) return true
    const [value] = JSON.parse(loginText) as EncodedValue
    for (const { report } of records) applyChanges(value, report.changes)
    return isBoundedTree(restoreMarked(value, marks))
  } catch {
    return false
  }
}

/** Whether a value can be walked in bounded time, without a cycle. */
function isBoundedTree(root: unknown): boolean {
  const open: { readonly value: unknown; readonly depth: number }[] = [{ value: root, depth: 1 }]
  let containers = 0
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, depth } = next
    if (typeof value !== 'object' || value === null) continue
    if (depth > maxSafeDepth || ++containers > maxContainers) return false
    for (const member of Object.values(value)) {
      if (typeof member === 'object') open.push({ value: member, depth: depth + 1 })
    }
  }
  return true
}
