import { create } from '../../wire/primordials.ts'
import type { Modules, ModuleTable } from './modules.ts'

/** Splits a table of modules in those that start with the context, and those that start when it has a host. */
export function splitTable(
  table: ModuleTable,
  lateNames: readonly string[],
): { readonly early: ModuleTable; readonly late: ModuleTable } {
  if (lateNames.length === 0) return { early: table, late: {} }
  const entries = Object.entries(table)
  return {
    early: Object.fromEntries(entries.filter(([name]) => !lateNames.includes(name))),
    late: Object.fromEntries(entries.filter(([name]) => lateNames.includes(name))),
  }
}

/** A realm with late modules serves one login, so their `require` may be another function. */
export function joinRequire(modules: Modules, late: Modules, lateNames: readonly string[]): Modules['require'] {
  if (lateNames.length === 0) return modules.require
  const isLate = create(null) as Record<string, true>
  for (let index = 0; index < lateNames.length; index++) isLate[lateNames[index]!] = true
  return (name) => (typeof name === 'string' && isLate[name] === true ? late : modules).require(name)
}
