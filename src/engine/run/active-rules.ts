import { mergeRulesets } from '../../rules/ruleset/merge-rulesets.ts'
import { type Ruleset, loadRuleset } from '../../rules/ruleset/ruleset.ts'
import type { RuleInput } from '../../profile/rule/rule.ts'
import type { Program } from '../../sandbox/wire/protocol.ts'
import type { EngineOptions } from '../options/engine-options.ts'
import type { VersionedRules } from '../ports/rule-source.ts'
import { type AvailableModules, buildPrograms } from './program.ts'
import { createRuleRefresher } from './refresh-rules.ts'

/** The rules that the next login runs. */
export interface ActiveRules {
  readonly ruleset: Ruleset
  readonly programs: Readonly<Record<Program['trigger'], Program>>
}

export interface RuleHolder {
  readonly current: ActiveRules
  /** Loads the newest rules of `ruleSource`; undefined if there is none. */
  readonly refresh: (() => Promise<void>) | undefined
  /**
   * Replaces the engine's own rules; those of `ruleSource` stay.
   *
   * @throws {ClaimsmithError} RULE_SYNTAX or INVALID_RULESET, and the rules stay as they were.
   */
  replace(rules: string | readonly RuleInput[], configuration: EngineOptions['configuration']): void
}

/**
 * Loads the engine's own rules and those of its source, and merges them. `onActivate` gets the first rules and all later ones.
 *
 * @throws {ClaimsmithError} RULE_SYNTAX, INVALID_RULESET or INVALID_ARGUMENT
 */
export function createRuleHolder(
  options: EngineOptions,
  maxSourceBytes: number,
  availableModules: AvailableModules,
  onActivate: (rules: ActiveRules) => void,
): RuleHolder {
  const { ruleSource } = options
  let ownRuleset = load(options.rules, options.configuration)
  let storedRules = ruleSource?.initial
  let current = build(ownRuleset, storedRules)
  onActivate(current)

  function load(rules: string | readonly RuleInput[], configuration: EngineOptions['configuration']): Ruleset {
    const { secrets, onError, realm } = options
    return loadRuleset({
      rules,
      maxSourceBytes,
      ...(configuration === undefined ? {} : { configuration }),
      ...(secrets === undefined ? {} : { secrets }),
      ...(onError === undefined ? {} : { onError }),
      ...(realm === undefined ? {} : { realm }),
    })
  }

  function build(own: Ruleset, stored: VersionedRules | undefined): ActiveRules {
    const ruleset =
      stored === undefined ? own : mergeRulesets(own, load(stored.rules, stored.configuration), stored.rules)
    return { ruleset, programs: buildPrograms(ruleset, availableModules) }
  }

  /** All or nothing: rules that cannot run throw before anything has changed. */
  function activate(own: Ruleset, stored: VersionedRules | undefined): void {
    current = build(own, stored)
    onActivate(current)
    ownRuleset = own
    storedRules = stored
  }

  return {
    get current() {
      return current
    },
    refresh: ruleSource && createRuleRefresher(ruleSource, (stored) => activate(ownRuleset, stored)),
    replace: (rules, configuration) => activate(load(rules, configuration), storedRules),
  }
}
