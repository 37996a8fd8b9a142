import { afterAll } from 'vitest'
import { resolveLimits } from '../../../src/engine/options/engine-limits.ts'
import type { Outcome } from '../../../src/engine/outcome/outcome.ts'
import { toOutcome } from '../../../src/engine/outcome/to-outcome.ts'
import { encodeLogin } from '../../../src/engine/run/encode-login.ts'
import { buildPrograms } from '../../../src/engine/run/program.ts'
import { loadRuleset } from '../../../src/rules/ruleset/ruleset.ts'
import { createPool } from '../../../src/sandbox/host/pool.ts'
import type { RunRequest } from '../../../src/sandbox/host/queued-run.ts'
import type { NetworkOptions, RunResult } from '../../../src/sandbox/wire/protocol.ts'

export interface HardenedLogin {
  readonly outcome: Outcome
  readonly result: RunResult
}

/** One hardened realm, whatever a rule writes to: one login after the other, without the engine that would change the realm. */
export function useHardenedRealm(
  script: string,
  {
    network = {},
    limits: limitOptions = {},
  }: { network?: NetworkOptions; limits?: Parameters<typeof resolveLimits>[0] },
): { run(user: Record<string, unknown>): Promise<HardenedLogin> } {
  const limits = resolveLimits({ ...limitOptions, workers: 1 })
  const pool = createPool({ limits, network })
  afterAll(() => pool.close())
  const ruleset = loadRuleset({ rules: [{ name: 'rule', script }] })
  const programs = buildPrograms(ruleset, { folder: undefined, host: {} })
  const program = { ...programs['post-login'], realm: 'hardened' as const }

  return {
    run: (user) =>
      new Promise((resolve, reject) => {
        const before = { user, context: {} }
        const encoded = encodeLogin(before, limits)
        const request: RunRequest = {
          program,
          input: {
            login: encoded.text,
            tenant: '{}',
            resumePoint: undefined,
            overrides: undefined,
            wallMs: limits.wallPerLoginMs,
          },
          answer: () => Promise.reject(new Error('there is nobody to ask')),
        }
        pool.begin(
          request,
          (result) => resolve({ result, outcome: toOutcome(result, { before, encoded }, ['rule']) }),
          reject,
        )
      }),
  }
}
