import type { Outcome } from '../../src/engine/outcome/outcome.ts'
import { type RuleOptions, loadRule } from '../../src/testing/index.ts'

/** Runs a rule whose body leaves what it found in `user.found`, and ends by itself. */
export async function find(
  body: string,
  globals: RuleOptions['globals'] = {},
  modules: RuleOptions['modules'] = {},
): Promise<{ outcome: Outcome; found: unknown }> {
  const source = `async function (user, context, callback) { ${body}\n callback(null, user, context) }`
  const outcome = await loadRule(source, { globals, modules })({})
  return { outcome, found: outcome.user['found'] }
}
