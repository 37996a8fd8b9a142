import { parseHostPattern } from '../../net/host-pattern.ts'
import type { RuleEgress } from '../../net/worker/outbound-run.ts'
import { type HostSecrets, createHostSecrets } from '../../net/worker/secrets/host-secrets.ts'
import type { HostSecret, Program, ProgramRule } from '../../wire/protocol.ts'

const egressByRule = new WeakMap<ProgramRule, RuleEgress>()

const noRuleEgress: RuleEgress = { rule: '', hosts: [], secrets: undefined }

/** Returns what a rule of a program may reach. It is built once. */
export function getRuleEgress(rule: ProgramRule | undefined, { hostSecrets }: Program): RuleEgress {
  if (rule === undefined) return noRuleEgress
  const cached = egressByRule.get(rule)
  if (cached !== undefined) return cached
  const hosts = rule.hosts?.map(parseHostPattern).filter((pattern) => pattern !== undefined)
  const egress: RuleEgress = { rule: rule.name, hosts, secrets: hostSecrets && getHostSecrets(hostSecrets) }
  egressByRule.set(rule, egress)
  return egress
}

const secretsByList = new WeakMap<readonly HostSecret[], HostSecrets>()

function getHostSecrets(list: readonly HostSecret[]): HostSecrets {
  const secrets = secretsByList.get(list) ?? createHostSecrets(list)
  secretsByList.set(list, secrets)
  return secrets
}
