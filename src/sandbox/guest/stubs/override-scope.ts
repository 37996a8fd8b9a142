import { hasOwn, toText } from '../../wire/primordials.ts'
import type { RuleScope } from '../driver/rule-scope.ts'

/** Returns the `global` of one tested rule, a member of the `global` that all of them share. */
export function openGlobal({ global: shared }: RuleScope, name: string): object {
  const globals = shared as Record<string, object>
  if (!hasOwn(globals, name)) globals[name] = {}
  return globals[name]!
}

export interface StubbedValues {
  readonly names: Readonly<Record<string, unknown>>
  readonly modules: Readonly<Record<string, unknown>>
}

/** Replaces members of a rule's scope by a test's values. A stubbed module stands for every version that is required. */
export function overrideScope({ names, modules }: StubbedValues, scope: RuleScope): RuleScope {
  const require = (hasOwn(names, 'require') ? names['require'] : scope.require) as (name: unknown) => unknown
  return {
    configuration: (hasOwn(names, 'configuration') ? names['configuration'] : scope.configuration) as object,
    auth0: (hasOwn(names, 'auth0') ? names['auth0'] : scope.auth0) as object,
    global: (hasOwn(names, 'global') ? names['global'] : scope.global) as object,
    require(name: unknown) {
      const moduleName = toText(name)
      if (hasOwn(modules, moduleName)) return modules[moduleName]
      const unversionedName = moduleName.replace(/(?<=.)@[^/]+/, '')
      return hasOwn(modules, unversionedName) ? modules[unversionedName] : require(name)
    },
    names,
  }
}
