import { resolveLimits } from '../../../src/engine/options/engine-limits.ts'
import type { Outcome } from '../../../src/engine/outcome/outcome.ts'
import { encodeLogin } from '../../../src/engine/run/encode-login.ts'
import { buildPrograms } from '../../../src/engine/run/program.ts'
import { runLogin } from '../../../src/engine/run/run-login.ts'
import type { User } from '../../../src/profile/user/user.ts'
import { loadRuleset } from '../../../src/rules/ruleset/ruleset.ts'
import { answerRequest } from '../../../src/sandbox/net/host/embedder-fetch.ts'
import type { Pool } from '../../../src/sandbox/host/pool.ts'
import { SnapshotStore } from '../../../src/sandbox/host/snapshot-store.ts'
import { WorkerGroup } from '../../../src/sandbox/host/worker-group.ts'
import type { SandboxLimits } from '../../../src/sandbox/wire/limits.ts'
import type { Program } from '../../../src/sandbox/wire/protocol.ts'

/** Runs logins in contexts from a snapshot; with `isLate`, only after `sendSnapshot`. */
export interface SnapshotRunner {
  readonly bytes: Uint8Array
  run(user: User): Promise<Outcome>
  sendSnapshot(): void
  close(): void
}

export const testLimits: SandboxLimits = resolveLimits({
  workers: 1,
  cpuPerRuleMs: 15_000,
  cpuPerLoginMs: 15_000,
  wallPerRuleMs: 15_000,
})

export function buildTestProgram(folder: string, script: string, configuration = {}): Program {
  const ruleset = loadRuleset({ rules: [{ name: 'uses', script }], configuration })
  return buildPrograms(ruleset, { folder, host: {} })['post-login']
}

/** Makes the snapshot of a program and starts a worker. Rejects with the reason if there can be no snapshot. */
export async function startSnapshotRunner(
  program: Program,
  limits = testLimits,
  isLate = false,
): Promise<SnapshotRunner> {
  const bytes = await new Promise<Uint8Array<ArrayBuffer>>((resolve, reject) => {
    const store = new SnapshotStore({
      limits,
      onReady: (_, ready) => resolve(ready),
      onFailed: (_, reason) => reject(new Error(reason)),
    })
    store.retain([program])
  })
  const group = new WorkerGroup({
    limits,
    network: { hasFetch: true },
    nowMs: () => performance.now(),
    workers: 1,
    maxLoad: limits.maxRealms,
    onInterrupted: (runs, reason) => runs.forEach((run) => run.reject(new Error(reason))),
    findSnapshot: () => (isLate ? undefined : bytes),
  })
  let lastId = 0
  const begin: Pool['begin'] = (request, resolve, reject) =>
    group.submit({ ...request, id: ++lastId, resolve, reject, hasSideEffects: false, attempts: 0, deadlineMs: 0 })
  const pool = { begin } as Pool
  const fetch = (request: Request): Response => new Response(request.headers.get('authorization') ?? 'none')

  return {
    bytes,
    run: (user) =>
      new Promise((resolve, reject) => {
        const before = { user, context: {} }
        const input = { tenant: '{}', resumePoint: undefined, overrides: undefined, wallMs: limits.wallPerLoginMs }
        runLogin(
          pool,
          {
            program,
            before,
            encoded: encodeLogin(before, limits),
            input,
            users: {},
            answer: (_, body) => answerRequest(fetch, body, 'the fetch option'),
          },
          ({ outcome }) => resolve(outcome),
          reject,
        )
      }),
    sendSnapshot: () => group.sendSnapshot(program.hash, bytes),
    close: () => group.close(),
  }
}
