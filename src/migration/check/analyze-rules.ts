import type { ConfiguredValue } from '../../profile/rule/configured-value.ts'
import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import { readFolder } from '../../rules/folder/read-folder.ts'
import type { RuleDependencies } from '../../rules/analysis/dependencies.ts'
import type { RuleFile } from '../../rules/folder/rule-file.ts'
import { sortByOrder, loadRuleFile } from '../../rules/ruleset/ruleset.ts'
import { parseScript, type ParsedScript } from '../../rules/source/parsed-script.ts'

/** A rule with its parsed text. */
export interface AnalyzedRule {
  readonly rule: RuleFile
  readonly dialect: 'rule' | 'action'
  readonly parsedScript: ParsedScript
  readonly dependencies: RuleDependencies
}

/** A rule whose text is not valid, and why. */
export interface UnreadableRule {
  readonly rule: RuleFile
  readonly dialect: 'rule'
  readonly error: ClaimsmithError
}

export interface AnalyzedRules {
  readonly rules: ReadonlyArray<AnalyzedRule | UnreadableRule>
  readonly configuration: Readonly<Record<string, ConfiguredValue>>
}

/** Parses every rule at a path, in the order in which they run. One syntax error does not hide another. */
export function analyzeRules(path: string, maxSourceBytes: number): AnalyzedRules {
  const { rules, configuration } = readFolder(path, maxSourceBytes)
  return { rules: sortByOrder(rules).map(analyzeRule), configuration }
}

function analyzeRule(rule: RuleFile): AnalyzedRule | UnreadableRule {
  try {
    const { kind, expression, dependencies } = loadRuleFile(rule, { onError: 'deny', secrets: {} })
    return { rule, dialect: kind, parsedScript: parseScript(expression), dependencies }
  } catch (error) {
    if (error instanceof ClaimsmithError && error.code === 'RULE_SYNTAX') return { rule, dialect: 'rule', error }
    throw error
  }
}
