import { afterAll } from 'vitest'
import { createEngine } from '../../src/engine/engine.ts'
import type { Engine } from '../../src/engine/ports/engine.ts'
import type { EngineOptions } from '../../src/engine/options/engine-options.ts'
import type { Outcome } from '../../src/engine/outcome/outcome.ts'
import type { RuleInput } from '../../src/profile/rule/rule.ts'

type Login = Parameters<Engine['run']>[0]

export const login: Login = { user: { user_id: 'auth0|1', name: 'Ada' }, context: { idToken: {}, accessToken: {} } }

export interface Bench {
  /** Swaps in these scripts and runs them over a login. */
  run(scripts: string | readonly (string | Partial<RuleInput>)[], over?: Partial<Login>): Promise<Outcome>
  readonly engine: Engine
}

/** One engine for the tests of a file; every test brings its own rules. */
export function useEngine(options: Partial<EngineOptions> = {}): Bench {
  const engine = createEngine({ rules: [], ...options, limits: { workers: 1, ...options.limits } })
  afterAll(() => engine.close())
  return {
    engine,
    async run(scripts, over = {}) {
      const list = typeof scripts === 'string' ? [scripts] : scripts
      const rules = list.map((rule, index) => ({
        name: `rule-${index + 1}`,
        script: '',
        ...(typeof rule === 'string' ? { script: rule } : rule),
      }))
      await engine.replace(rules)
      return engine.run({ ...login, ...over })
    },
  }
}

/** A rule whose body is this. */
export const rule = (body: string): string => `function (user, context, callback) { ${body} }`

/** A post-login action whose body is this. */
export const action = (body: string): string => `exports.onExecutePostLogin = async (event, api) => { ${body} }`
