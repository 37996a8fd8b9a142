import { readFileSync } from 'node:fs'
import ivm from 'isolated-vm'
import type { RealmConditions } from '../conditions.ts'
import type { RealmOptions } from '../guest/host.ts'
import type { SandboxLimits } from '../limits.ts'
import type { Flow } from '../flow.ts'
import type { Program } from '../protocol.ts'

/** One of an isolate's realms, and the entries into it. */
export interface WorkerRealm {
  /** Begins a login; `stale` are the ops whose answers will never come. */
  start(input: RealmInput, timeoutMs: number): 'started' | 'dirty'
  settle(op: number, ok: boolean, body: string, timeoutMs: number): void
  abandon(code: string, message: string, timeoutMs: number): void
  dispose(): void
}

export interface RealmInput {
  readonly login: string
  readonly facts: string
  readonly flow: Flow | undefined
  readonly conditions: RealmConditions | undefined
  readonly stale: readonly number[]
}

/** The host's side of a realm's one door; it must not throw. */
export type HostDoor = (call: string, a: string | number, b: string) => string | number | undefined

/** The isolate of one ruleset. */
export interface RulesetIsolate {
  /** Makes a realm; takes some milliseconds. Throws a SyntaxError where V8 refuses a rule. */
  createRealm(door: HostDoor): WorkerRealm
  dispose(): void
}

const asReference = { reference: true } as const
/** Read when the worker starts: where they are missing no worker can start, which is not for a login to find out. */
const guest = { hardened: readGuest('hardened'), fresh: readGuest('fresh') }

function readGuest(kind: 'hardened' | 'fresh'): string {
  return readFileSync(new URL(`../../../dist/guest/${kind}.js`, import.meta.url), 'utf8')
}

export function createRulesetIsolate(program: Program, limits: SandboxLimits): RulesetIsolate {
  const isolate = new ivm.Isolate({
    memoryLimit: limits.isolateHeapMb,
    // V8 is beyond repair here, and the thread may be frozen: the parent learns of it by the exit, and starts another.
    onCatastrophicError: () => process.abort(),
  })
  const scripts = program.rules.map((rule) => compileRule(isolate, rule))
  const boot = isolate.compileScriptSync(guest[program.realm], { filename: 'claimsmith:guest' })
  const hardenedBoot =
    program.realm === 'hardened' ? boot : isolate.compileScriptSync(guest.hardened, { filename: 'claimsmith:guest' })
  const bundle = program.modules && isolate.compileScriptSync(program.modules.code, { filename: 'claimsmith:modules' })
  const options: RealmOptions = {
    configuration: program.configuration,
    rules: program.rules.map(({ name, kind, secrets, filename, onError }) => ({
      name,
      kind,
      secrets,
      filename,
      onError,
    })),
    trigger: program.trigger,
    limits,
    modules: { failures: program.modules?.failures ?? {}, reasons: program.modules?.reasons ?? {} },
  }
  const optionsText = JSON.stringify(options)
  /** The rules' `global`. It is always made in a hardened realm, so that nothing on it leads to builtins that can change. */
  let shared: ivm.Reference | undefined

  function bootContext(
    script: ivm.Script,
    door: HostDoor,
    withRules: boolean,
  ): { context: ivm.Context; realm: ivm.Reference } {
    const context = isolate.createContextSync()
    const bootRef = script.runSync(context, asReference)
    const modules = withRules ? bundle?.runSync(context, asReference) : undefined
    const factories = withRules ? scripts.map((rule) => rule.runSync(context, asReference)) : []
    const realm = bootRef.applySync(
      undefined,
      [
        new ivm.Callback(door),
        optionsText,
        shared?.derefInto(),
        modules?.derefInto(),
        ...factories.map((factory) => factory.derefInto()),
      ],
      { result: { reference: true }, timeout: limits.wallPerLoginMs },
    ) as ivm.Reference
    for (const reference of [bootRef, modules, ...factories]) reference?.release()
    return { context, realm }
  }

  function shareGlobal(): void {
    if (shared !== undefined) return
    const home = bootContext(hardenedBoot, () => undefined, false)
    shared = home.realm.getSync('shared', asReference)
    home.realm.release()
  }

  return {
    createRealm(door) {
      if (program.realm === 'fresh') shareGlobal()
      const { context, realm } = bootContext(boot, door, true)
      shared ??= realm.getSync('shared', asReference)
      return realmOf(context, realm)
    },
    dispose() {
      try {
        isolate.dispose()
      } catch {
        // Disposed by its own memory limit already.
      }
    },
  }
}

function compileRule(isolate: ivm.Isolate, rule: Program['rules'][number]): ivm.Script {
  const opening = '((configuration, auth0, global, require) => ('
  return isolate.compileScriptSync(`${opening}${rule.expression}\n))`, {
    filename: rule.filename,
    columnOffset: -opening.length,
  })
}

function realmOf(context: ivm.Context, realm: ivm.Reference): WorkerRealm {
  const [start, settle, abandon] = ['start', 'settle', 'abandon'].map((name) => realm.getSync(name, asReference)) as [
    ivm.Reference,
    ivm.Reference,
    ivm.Reference,
  ]
  realm.release()
  return {
    start: ({ login, facts, flow, conditions, stale }, timeout) =>
      start.applySync(undefined, [login, facts, mannerOf(flow, conditions), ...stale], { timeout }) as
        | 'started'
        | 'dirty',
    settle: (op, ok, body, timeout) => settle.applySync(undefined, [op, ok, body], { timeout }),
    abandon: (code, message, timeout) => abandon.applySync(undefined, [code, message], { timeout }),
    dispose() {
      try {
        // A reference that is not released keeps its whole context alive until this process collects its garbage.
        for (const reference of [start, settle, abandon]) reference.release()
        context.release()
      } catch {
        // Gone with its isolate already.
      }
    },
  }
}

function mannerOf(flow: Flow | undefined, conditions: RealmConditions | undefined): string {
  return flow === undefined && conditions === undefined ? '' : JSON.stringify({ flow, conditions })
}
