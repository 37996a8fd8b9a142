import ivm from 'isolated-vm'
import type { RealmOptions } from '../../wire/guest-contract.ts'
import type { SnapshotAnswer, SnapshotRequest } from '../../wire/snapshot-messages.ts'
import { ask } from '../calls/ask.ts'
import { encodeError } from '../calls/host-bridge.ts'
import { toErrorMessage } from '../isolate/entry-lock.ts'
import { readGuest } from '../isolate/read-guest.ts'
import { bindContext } from './bind-context.ts'

const asReference = { reference: true } as const

/** What trying the modules has found. */
interface StartFacts {
  /** Modules that start in each context. */
  readonly lateModules: string[]
  /** What the others asked the host, by call, with its answers. */
  readonly answers: Record<string, string>
}

/** Questions to the host whose answers depend on nothing but their input. */
const pureQuestions = ['url', 'url.with-query', 'pairs', 'query']

/**
 * Makes a V8 snapshot of a context whose globals are defined and whose modules are started.
 *
 * `createSnapshot` has no timeout and no memory limit, and module code can end the process. So this runs in a process of its
 * own, which its parent watches.
 */
export function makeSnapshot(request: SnapshotRequest): SnapshotAnswer {
  try {
    const facts = findStartFacts(request)
    const snapshot = ivm.Isolate.createSnapshot(listScripts(request, facts))
    tryContexts(snapshot, request)
    return { type: 'snapshot', bytes: new Uint8Array(snapshot.copy()), lateModules: facts.lateModules }
  } catch (error) {
    return { type: 'no-snapshot', reason: toErrorMessage(error) }
  }
}

function toOptionsText({ limits, modules, clockReaders }: SnapshotRequest, facts: StartFacts): string {
  return JSON.stringify({ limits, modules, clockReaders, ...facts })
}

/** Finds the modules that must start in each context. What one of them loaded, another one loads then: so all are tried again. */
function findStartFacts(request: SnapshotRequest): StartFacts {
  const facts: StartFacts = { lateModules: [], answers: {} }
  for (;;) {
    const found = tryModules(request, facts)
    if (found.length === 0) return facts
    facts.lateModules.push(...found)
  }
}

function tryModules(request: SnapshotRequest, facts: StartFacts): readonly string[] {
  const isolate = new ivm.Isolate({ memoryLimit: request.isolateHeapMb })
  const context = isolate.createContextSync()
  const [find, prepare, modules] = [readGuest('find-late-modules'), readGuest('snapshot'), request.code].map((code) =>
    isolate.compileScriptSync(code).runSync(context, asReference),
  ) as [ivm.Reference, ivm.Reference, ivm.Reference]
  const answer = (call: string, name: string, input: string): string | undefined => {
    if (call !== 'ask' || !pureQuestions.includes(name)) return undefined
    return (facts.answers[`${call} ${name} ${input}`] = answerQuestion(name, input, request))
  }
  const json = find.applySync(
    undefined,
    [prepare.derefInto(), toOptionsText(request, facts), modules.derefInto(), new ivm.Callback(answer)],
    { timeout: request.timeoutMs },
  ) as string
  const hasReadLater = context.evalSync('claimsmithHasRead()') as boolean
  isolate.dispose()
  if (hasReadLater) throw new Error('a module reads the clock, random numbers or the host after it has started')
  return JSON.parse(json) as string[]
}

/** The deadline of the process bounds the cost of the answers. */
function answerQuestion(name: string, input: string, { limits }: SnapshotRequest): string {
  try {
    return ask(name, input, { limits, admit: () => undefined })
  } catch (error) {
    return encodeError(error)
  }
}

function listScripts(request: SnapshotRequest, facts: StartFacts): ivm.SnapshotScriptInfo[] {
  return [
    { code: `globalThis.claimsmithPrepare = ${readGuest('snapshot')}`, filename: 'claimsmith:guest' },
    { code: `globalThis.claimsmithModules = ${request.code}`, filename: 'claimsmith:modules' },
    {
      code: `{
        const { claimsmithPrepare, claimsmithModules } = globalThis
        delete globalThis.claimsmithPrepare
        delete globalThis.claimsmithModules
        claimsmithPrepare(${toOptionsText(request, facts)}, claimsmithModules)
      }`,
      filename: 'claimsmith:prepare',
    },
  ]
}

/** V8 aborts on a snapshot that it cannot use. This must happen here, and not in a worker. */
function tryContexts(
  snapshot: ivm.ExternalCopy<ArrayBuffer>,
  { limits, modules, isolateHeapMb }: SnapshotRequest,
): void {
  const isolate = new ivm.Isolate({ snapshot, memoryLimit: isolateHeapMb })
  const options: RealmOptions = { configuration: {}, rules: [], trigger: 'post-login', limits, modules }
  for (let attempt = 1; attempt <= 2; attempt++) {
    const context = isolate.createContextSync()
    const realm = bindContext(context, {
      callHost: () => undefined,
      optionsText: JSON.stringify(options),
      shared: undefined,
      rules: [],
      timeoutMs: 10_000,
    })
    realm.release()
    context.release()
  }
  isolate.dispose()
}
