import { parseHostPattern } from '../../net/host-pattern.ts'
import type { RuleEgress } from '../../net/worker/outbound-run.ts'
import type { ProgramRule } from '../../wire/protocol.ts'

const egressByRule = new WeakMap<ProgramRule, RuleEgress>()

const noRuleEgress: RuleEgress = { rule: '', hosts: [] }

/** Returns what a rule may reach. Its list is parsed once. */
export function getRuleEgress(rule: ProgramRule | undefined): RuleEgress {
  if (rule === undefined) return noRuleEgress
  const cached = egressByRule.get(rule)
  if (cached !== undefined) return cached
  const hosts = rule.hosts?.map(parseHostPattern).filter((pattern) => pattern !== undefined)
  const egress: RuleEgress = { rule: rule.name, hosts }
  egressByRule.set(rule, egress)
  return egress
}
