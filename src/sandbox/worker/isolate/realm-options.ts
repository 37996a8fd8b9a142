import type { RealmOptions } from '../../wire/guest-contract.ts'
import type { SandboxLimits } from '../../wire/limits.ts'
import type { ProgramModules } from '../../wire/program-modules.ts'
import type { Program } from '../../wire/protocol.ts'

export function toRealmOptions(program: Program, limits: SandboxLimits): RealmOptions {
  return {
    configuration: program.configuration,
    rules: program.rules.map(toRealmRule),
    trigger: program.trigger,
    limits,
    modules: toModuleOptions(program.modules),
  }
}

function toModuleOptions({
  failures = {},
  reasons = {},
  provided = {},
}: Partial<ProgramModules> = {}): RealmOptions['modules'] {
  return { failures, reasons, provided }
}

function toRealmRule(rule: Program['rules'][number]): RealmOptions['rules'][number] {
  const { expression: _, ...rest } = rule
  return rest
}
