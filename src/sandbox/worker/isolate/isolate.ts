import { readFileSync } from 'node:fs'
import ivm from 'isolated-vm'
import type { RealmOverrides } from '../../wire/run-overrides.ts'
import type { RealmOptions, StartOptions } from '../../wire/guest-contract.ts'
import type { SandboxLimits } from '../../wire/limits.ts'
import type { RunInput } from '../../wire/run-input.ts'
import type { ResumePoint } from '../../wire/resume-point.ts'
import type { Program, RuleCounts } from '../../wire/protocol.ts'
import { openInspectorSession } from '../inspect/open-inspector-session.ts'
import { type RuleScript, startRuleCoverage } from '../coverage/rule-coverage.ts'
import { createScriptCompiler } from './script-compiler.ts'

/** One of an isolate's realms, and the entries into it. */
export interface WorkerRealm {
  /** Begins a login; `stale` are the ops whose answers will never come. */
  start(input: RealmInput, timeoutMs: number): EntryResult<'started' | 'dirty'>
  settle(op: number, ok: boolean, body: string, timeoutMs: number): EntryResult<void>
  abandon(code: string, message: string, timeoutMs: number): EntryResult<void>
  dispose(): void
}

/** An entry into an isolate: over at once, or a promise where a debugger may hold it up. */
export type EntryResult<Result> = Result | Promise<Result>

/** What is to be seen of rules at work. */
export interface Instrumentation {
  readonly hasCoverage: boolean
  readonly hasInspector: boolean
}

export interface RealmInput {
  readonly input: RunInput
  readonly overrides: RealmOverrides | undefined
  readonly abandonedOps: readonly number[]
}

/** The host's side of a realm's one door; it must not throw. What a call comes with: see `HostCall`. */
export type HostBridgeCallback = (
  call: string,
  a: string | number,
  b: string,
  c?: string,
) => string | number | undefined

/** The isolate of one ruleset. */
export interface RulesetIsolate {
  /** Makes a realm; takes some milliseconds. Throws a SyntaxError where V8 refuses a rule. */
  createRealm(callHost: HostBridgeCallback): WorkerRealm
  /** What its rules ran since the last time; undefined where nobody counts. */
  readonly takeCoverage: (() => Promise<readonly RuleCounts[]>) | undefined
  /** Begins a conversation of a debugger's with the isolate. */
  openInspectorSession(): ivm.InspectorSession
  dispose(): void
}

const asReference = { reference: true } as const
/** Read when the worker starts: where they are missing no worker can start, which is not for a login to find out. */
const guestScripts = { hardened: readGuest('hardened'), fresh: readGuest('fresh') }

function readGuest(kind: 'hardened' | 'fresh'): string {
  // Passed in if the files have been replaced since the parent started: see `writeKeptWorker`.
  const { claimsmithGuest } = globalThis as { readonly claimsmithGuest?: Readonly<Record<string, string>> }
  return claimsmithGuest?.[kind] ?? readFileSync(new URL(`../../../dist/guest/${kind}.js`, import.meta.url), 'utf8')
}

export function createRulesetIsolate(
  program: Program,
  limits: SandboxLimits,
  instrumentation: Instrumentation,
): RulesetIsolate {
  const isolate = new ivm.Isolate({
    memoryLimit: limits.isolateHeapMb,
    inspector: instrumentation.hasCoverage || instrumentation.hasInspector,
    // V8 is beyond repair here, and the thread may be frozen: the parent learns of it by the exit, and starts another.
    onCatastrophicError: () => process.abort(),
  })
  const coverage = instrumentation.hasCoverage ? startRuleCoverage(isolate, program.rules.map(toRuleScript)) : undefined
  const scripts = program.rules.map((rule) => compileRule(isolate, rule))
  const { compile: compileShared, cacheCode } = createScriptCompiler(isolate)
  const compileGuest = (realm: Program['realm']): ivm.Script =>
    compileShared({ hash: realm, code: guestScripts[realm], filename: 'claimsmith:guest' })
  const boot = compileGuest(program.realm)
  const hardenedBoot = program.realm === 'hardened' ? boot : compileGuest('hardened')
  const moduleBundle = program.modules && compileShared({ ...program.modules, filename: 'claimsmith:modules' })
  const options: RealmOptions = {
    configuration: program.configuration,
    rules: program.rules.map(toRealmRule),
    trigger: program.trigger,
    limits,
    modules: { failures: program.modules?.failures ?? {}, reasons: program.modules?.reasons ?? {} },
  }
  const optionsText = JSON.stringify(options)
  /** The rules' `global`. It is always made in a hardened realm, so that nothing on it leads to builtins that can change. */
  let sharedGlobal: ivm.Reference | undefined

  function bootContext(
    script: ivm.Script,
    callHost: HostBridgeCallback,
    hasRules: boolean,
  ): { context: ivm.Context; realm: ivm.Reference } {
    const context = isolate.createContextSync({ inspector: instrumentation.hasInspector })
    const bootRef = script.runSync(context, asReference)
    const modules = hasRules ? moduleBundle?.runSync(context, asReference) : undefined
    const factories = hasRules ? scripts.map((rule) => rule.runSync(context, asReference)) : []
    const realm = bootRef.applySync(
      undefined,
      [
        new ivm.Callback(callHost),
        optionsText,
        sharedGlobal?.derefInto(),
        modules?.derefInto(),
        ...factories.map((factory) => factory.derefInto()),
      ],
      { result: { reference: true }, timeout: limits.wallPerLoginMs },
    ) as ivm.Reference
    for (const reference of [bootRef, modules, ...factories]) reference?.release()
    return { context, realm }
  }

  function shareGlobal(): void {
    if (sharedGlobal !== undefined) return
    const globalRealm = bootContext(hardenedBoot, () => undefined, false)
    sharedGlobal = globalRealm.realm.getSync('shared', asReference)
    globalRealm.realm.release()
  }

  return {
    createRealm(callHost) {
      if (program.realm === 'fresh') shareGlobal()
      const { context, realm } = bootContext(boot, callHost, true)
      sharedGlobal ??= realm.getSync('shared', asReference)
      setImmediate(cacheCode)
      return createWorkerRealm(context, realm, instrumentation)
    },
    takeCoverage: coverage?.take,
    openInspectorSession: () => openInspectorSession(isolate),
    dispose() {
      coverage?.dispose()
      try {
        isolate.dispose()
      } catch {
        // Disposed by its own memory limit already.
      }
    },
  }
}

function buildScriptPrefix({ parameters = [] }: Program['rules'][number]): string {
  return `((${['configuration, auth0, global, require', ...parameters].join(', ')}) => (`
}

function toRuleScript(rule: Program['rules'][number]): RuleScript {
  return { filename: rule.url ?? rule.filename, prefixLength: buildScriptPrefix(rule).length }
}

function toRealmRule(rule: Program['rules'][number]): RealmOptions['rules'][number] {
  const { expression: _, ...rest } = rule
  return rest
}

function compileRule(isolate: ivm.Isolate, rule: Program['rules'][number]): ivm.Script {
  const prefix = buildScriptPrefix(rule)
  return isolate.compileScriptSync(`${prefix}${rule.expression}\n))`, {
    filename: rule.url ?? rule.filename,
    columnOffset: -prefix.length,
  })
}

function createWorkerRealm(context: ivm.Context, realm: ivm.Reference, { hasInspector }: Instrumentation): WorkerRealm {
  const [start, settle, abandon] = ['start', 'settle', 'abandon'].map((name) => realm.getSync(name, asReference)) as [
    ivm.Reference,
    ivm.Reference,
    ivm.Reference,
  ]
  realm.release()
  /** The facts that the realm has. */
  let lastTenant: string | undefined

  function enter<Result>(entry: ivm.Reference, input: readonly (string | number | boolean)[], timeout: number) {
    // A debugger that holds up this thread could never say how to go on.
    const entryResult: unknown = entry[hasInspector ? 'apply' : 'applySync'](undefined, [...input], { timeout })
    return entryResult as EntryResult<Result>
  }

  return {
    start({ input: { login, tenant, resumePoint }, overrides, abandonedOps }, timeout) {
      const startOptionsJson = encodeStartOptions(resumePoint, overrides)
      // Each text that crosses costs its share, and most logins say nothing with these that the one before has not said.
      if (tenant === lastTenant && startOptionsJson === '' && abandonedOps.length === 0)
        return enter(start, [login], timeout)
      lastTenant = tenant
      return enter(start, [login, tenant, startOptionsJson, ...abandonedOps], timeout)
    },
    settle: (op, ok, body, timeout) => enter(settle, [op, ok, body], timeout),
    abandon: (code, message, timeout) => enter(abandon, [code, message], timeout),
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

function encodeStartOptions(resumePoint: ResumePoint | undefined, overrides: RealmOverrides | undefined): string {
  return resumePoint === undefined && overrides === undefined
    ? ''
    : JSON.stringify({ resumePoint, overrides } satisfies StartOptions)
}
