import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import { readFolder } from '../../rules/folder/folder.ts'
import type { RuleNeeds } from '../../rules/analysis/needs.ts'
import type { RuleFile } from '../../rules/folder/rule-file.ts'
import { inOrder, sourceOf } from '../../rules/ruleset/ruleset.ts'
import { treeOf, type Tree } from '../../rules/source/tree.ts'

/** A rule's text, read. */
export interface Reading {
  readonly rule: RuleFile
  readonly dialect: 'rule' | 'action'
  readonly tree: Tree
  readonly needs: RuleNeeds
}

/** A rule whose text cannot be read, and why. */
export interface Unreadable {
  readonly rule: RuleFile
  readonly dialect: 'rule'
  readonly error: ClaimsmithError
}

export interface Readings {
  readonly rules: ReadonlyArray<Reading | Unreadable>
  readonly configuration: Readonly<Record<string, string>>
}

/** Reads every rule at a path by itself, in the order in which they run, so that one syntax error hides no other. */
export function readingsOf(path: string, maxSourceBytes: number): Readings {
  const { rules, configuration } = readFolder(path, maxSourceBytes)
  return { rules: inOrder(rules).map(readingOf), configuration }
}

function readingOf(rule: RuleFile): Reading | Unreadable {
  try {
    const { kind, expression, needs } = sourceOf(rule, { onError: 'deny', secrets: {} })
    return { rule, dialect: kind, tree: treeOf(expression), needs }
  } catch (error) {
    if (error instanceof ClaimsmithError && error.code === 'RULE_SYNTAX') return { rule, dialect: 'rule', error }
    throw error
  }
}
