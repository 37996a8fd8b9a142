import type { ScriptCase } from './battery-case.ts'
import type { BatteryId } from './rows.ts'
import type { VariantName } from './variants.ts'

/** A script, as it stands in a list of cases of one row. */
type RowScript = Omit<ScriptCase, 'id' | 'variants'> & Partial<Pick<ScriptCase, 'variants'>>

/** Puts scripts into a row. What they do not say themselves, `common` says. */
export function inRow(
  id: BatteryId,
  variants: readonly VariantName[],
  scripts: readonly RowScript[],
  common: Partial<ScriptCase> = {},
): ScriptCase[] {
  return scripts.map((script) => ({ ...common, variants, ...script, id }))
}
