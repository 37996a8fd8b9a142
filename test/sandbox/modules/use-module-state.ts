import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'
import type { EngineOptions } from '../../../src/engine/options/engine-options.ts'
import { type Case, installPackages, writeScript } from './module-state-cases.ts'

/** An engine with this option, for the tests of one file. */
export function useModuleState(options: Pick<EngineOptions, 'moduleState'>): (one: Case) => Promise<unknown> {
  const folder = installPackages()
  const engine = createEngine({
    rules: [],
    ...options,
    snapshots: false,
    network: { fetch: (request) => new Response(request.headers.get('authorization') ?? 'none') },
    limits: { workers: 1, cpuPerRuleMs: 5_000, cpuPerLoginMs: 10_000, wallPerRuleMs: 15_000 },
  })
  afterAll(async () => {
    await engine.close()
    rmSync(folder, { recursive: true })
  })
  /** Runs Alice's login, then another one, and returns what the second sees. */
  return async (one: Case): Promise<unknown> => {
    writeFileSync(join(folder, 'rules', 'uses.js'), writeScript(one))
    await engine.replace(join(folder, 'rules'))
    const first = await engine.run({ user: { name: 'Alice' }, context: {} })
    const { reason, user } = await engine.run({ user: { name: 'Bob' }, context: {} })
    expect([first.reason, reason]).toEqual([undefined, undefined])
    return user['seen']
  }
}
