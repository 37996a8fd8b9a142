import type ivm from 'isolated-vm'
import type { RealmOverrides } from '../../wire/run-overrides.ts'
import type { RetiredRealms, StartOptions } from '../../wire/guest-contract.ts'
import type { ResumePoint } from '../../wire/resume-point.ts'
import type { RunInput } from '../../wire/run-input.ts'

/** The answer of an op. `loginRealmId`: the realm of the login that waits for it, if it is not the one that began the op. */
export interface OpAnswer {
  readonly op: number
  readonly ok: boolean
  readonly body: string
  readonly loginRealmId?: number | undefined
}

/** A realm of an isolate, and the entries into it. */
export interface WorkerRealm {
  /** Unique in the isolate. */
  readonly id: number
  /** Starts a run's rules. `dirty`: an earlier run has left something in the realm that cannot be removed. */
  start(input: RealmInput, timeoutMs: number): EntryResult<'started' | 'dirty'>
  settle(answer: OpAnswer, timeoutMs: number): EntryResult<void>
  abandon(code: string, message: string, timeoutMs: number): EntryResult<void>
  /** No login will use the realm again; see `RealmEntry.retire`. */
  retire(maxRealms: number, timeoutMs: number): RetiredRealms
  dispose(): void
}

/** The result of an entry: a promise if a debugger may hold the entry up. */
export type EntryResult<Result> = Result | Promise<Result>

export interface RealmInput {
  readonly input: RunInput
  readonly overrides: RealmOverrides | undefined
  /** Ops of earlier runs that will never be answered. */
  readonly abandonedOps: readonly number[]
}

const asReference = { reference: true } as const

/** `hasInspector`: a debugger may hold the entries up, so they are promises. */
export function createWorkerRealm(context: ivm.Context, realm: ivm.Reference, hasInspector: boolean): WorkerRealm {
  const [start, settle, abandon, retire] = ['start', 'settle', 'abandon', 'retire'].map((name) =>
    realm.getSync(name, asReference),
  ) as [ivm.Reference, ivm.Reference, ivm.Reference, ivm.Reference]
  const id = realm.getSync('realmId') as number
  realm.release()
  /** The tenant that the realm was started with last. */
  let lastTenant: string | undefined

  function enter<Result>(entry: ivm.Reference, input: readonly (string | number | boolean)[], timeout: number) {
    // With a debugger this thread must not block: it passes on the message that resumes the isolate.
    const entryResult: unknown = entry[hasInspector ? 'apply' : 'applySync'](undefined, [...input], { timeout })
    return entryResult as EntryResult<Result>
  }

  return {
    id,
    start({ input: { login, tenant, resumePoint }, overrides, abandonedOps }, timeout) {
      const startOptionsJson = encodeStartOptions(resumePoint, overrides)
      // Each text that crosses has a cost, and for most runs these say nothing new.
      if (tenant === lastTenant && startOptionsJson === '' && abandonedOps.length === 0)
        return enter(start, [login], timeout)
      lastTenant = tenant
      return enter(start, [login, tenant, startOptionsJson, ...abandonedOps], timeout)
    },
    settle: ({ op, ok, body, loginRealmId }, timeout) =>
      enter(settle, loginRealmId === undefined ? [op, ok, body] : [op, ok, body, loginRealmId], timeout),
    abandon: (code, message, timeout) => enter(abandon, [code, message], timeout),
    retire(maxRealms, timeout) {
      const text: unknown = retire.applySync(undefined, [maxRealms], { timeout })
      return JSON.parse(String(text)) as RetiredRealms
    },
    dispose() {
      try {
        // An unreleased reference keeps its whole context alive until this process collects garbage.
        for (const reference of [start, settle, abandon, retire]) reference.release()
        context.release()
      } catch {
        // Its isolate is disposed already.
      }
    },
  }
}

function encodeStartOptions(resumePoint: ResumePoint | undefined, overrides: RealmOverrides | undefined): string {
  return resumePoint === undefined && overrides === undefined
    ? ''
    : JSON.stringify({ resumePoint, overrides } satisfies StartOptions)
}
