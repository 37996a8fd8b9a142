import { createEngine } from '../../../src/engine/engine.ts'
import type { EngineOptions } from '../../../src/engine/options/engine-options.ts'
import type { Outcome } from '../../../src/engine/outcome/outcome.ts'
import { wide } from './limits.ts'
import type { VariantOptions } from './variants.ts'

/** How a login ended: an error code, or an outcome that is no error. */
export function nameEnd({ outcome, error }: Outcome): string {
  return error?.code ?? outcome
}

/** A rule with this body, after the prelude of the variant. */
export function writeRule(body: string, { prelude = '' }: VariantOptions): string {
  return `function rule(user, context, callback) { ${prelude} ${body} }`
}

/** Runs these rules over a login of each of these users, one after the other, on one worker. */
export async function runRules(
  variant: VariantOptions,
  scripts: readonly string[],
  users: readonly Readonly<Record<string, unknown>>[],
  options: Partial<EngineOptions> = {},
): Promise<Outcome[]> {
  const engine = createEngine({
    ...variant.engine,
    realm: variant.realm,
    ...options,
    rules: scripts.map((script, index) => ({ name: `rule-${index + 1}`, script })),
    limits: { ...wide, ...options.limits },
  })
  try {
    const outcomes: Outcome[] = []
    for (const user of users) outcomes.push(await engine.run({ user }))
    return outcomes
  } finally {
    await engine.close()
  }
}

/** Lists what went wrong, or says how it ended if nothing did. */
export function judge(complaints: readonly string[], expected: string): string {
  return complaints.length === 0 ? expected : complaints.join('; ').slice(0, 500)
}
