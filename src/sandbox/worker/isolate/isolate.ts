import ivm from 'isolated-vm'
import type { RealmOverrides } from '../../wire/run-overrides.ts'
import type { RealmOptions, RetiredRealms, StartOptions } from '../../wire/guest-contract.ts'
import type { SandboxLimits } from '../../wire/limits.ts'
import type { RunInput } from '../../wire/run-input.ts'
import type { ProgramModules } from '../../wire/program-modules.ts'
import type { ResumePoint } from '../../wire/resume-point.ts'
import type { Program, RuleCounts } from '../../wire/protocol.ts'
import { openInspectorSession } from '../inspect/open-inspector-session.ts'
import { type RuleScript, startRuleCoverage } from '../coverage/rule-coverage.ts'
import { readGuest } from './read-guest.ts'
import { createScriptCompiler } from './script-compiler.ts'
import { bindContext, removeBinding } from '../snapshot/bind-context.ts'

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

/** How rules are observed. */
export interface Instrumentation {
  readonly hasCoverage: boolean
  readonly hasInspector: boolean
}

export interface RealmInput {
  readonly input: RunInput
  readonly overrides: RealmOverrides | undefined
  /** Ops of earlier runs that will never be answered. */
  readonly abandonedOps: readonly number[]
}

/** Answers a realm's calls to the host; it must not throw. See `HostCall` for the arguments. */
export type HostBridgeCallback = (
  call: string,
  a: string | number,
  b: string,
  c?: string,
) => string | number | undefined

/** The isolate of one ruleset. */
export interface RulesetIsolate {
  /** Makes a realm, in some milliseconds. Throws a SyntaxError if V8 rejects a rule. */
  createRealm(callHost: HostBridgeCallback): WorkerRealm
  /** Returns what the rules have run since the last call; undefined if coverage is off. */
  readonly takeCoverage: (() => Promise<readonly RuleCounts[]>) | undefined
  /** The part of its heap limit that the isolate uses, garbage included. */
  readHeapUse(): number
  /** Connects a debugger. */
  openInspectorSession(): ivm.InspectorSession
  /** Whether rules have put nothing on `global`, so that another isolate can take its place unnoticed. */
  hasEmptyGlobal(): boolean
  dispose(): void
}

/** A V8 snapshot of a context whose modules are started. */
export type ContextSnapshot = ivm.ExternalCopy<ArrayBuffer>

const asReference = { reference: true } as const
/** Read when the worker starts, so that a missing file does not fail the first run. */
const guestScripts = { hardened: readGuest('hardened'), fresh: readGuest('fresh') }

export function createRulesetIsolate(
  program: Program,
  limits: SandboxLimits,
  instrumentation: Instrumentation,
  snapshot: ContextSnapshot | undefined,
): RulesetIsolate {
  const isolate = new ivm.Isolate({
    ...(snapshot === undefined ? {} : { snapshot }),
    memoryLimit: limits.isolateHeapMb,
    inspector: instrumentation.hasCoverage || instrumentation.hasInspector,
    // V8 cannot go on, and its thread may be frozen. The parent sees the exit and starts another worker.
    onCatastrophicError: () => process.abort(),
  })
  const coverage = instrumentation.hasCoverage ? startRuleCoverage(isolate, program.rules.map(toRuleScript)) : undefined
  const scripts = program.rules.map((rule) => compileRule(isolate, rule))
  const { hardenedBoot, freshBoot, moduleBundle, cacheCode } = compileShared(isolate, program, snapshot !== undefined)
  const optionsText = JSON.stringify(toRealmOptions(program, limits))
  /** The rules' `global`. It is made in a hardened realm, so that nothing on it leads to builtins that can change. */
  let sharedGlobal: ivm.Reference | undefined

  function bootContext(
    script: ivm.Script,
    callHost: HostBridgeCallback,
    hasRules: boolean,
  ): { context: ivm.Context; realm: ivm.Reference } {
    const context = isolate.createContextSync({ inspector: instrumentation.hasInspector })
    if (snapshot !== undefined) removeBinding(context)
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

  /** The same, in a context from the snapshot. */
  function bindRealm(callHost: HostBridgeCallback): { context: ivm.Context; realm: ivm.Reference } {
    const context = isolate.createContextSync()
    const timeoutMs = limits.wallPerLoginMs
    const realm = bindContext(context, { callHost, optionsText, shared: sharedGlobal, rules: scripts, timeoutMs })
    return { context, realm }
  }

  function shareGlobal(): void {
    if (sharedGlobal !== undefined) return
    const globalRealm = bootContext(hardenedBoot, () => undefined, false)
    sharedGlobal = globalRealm.realm.getSync('sharedGlobal', asReference)
    globalRealm.realm.release()
  }

  return {
    createRealm(callHost) {
      if (program.realm === 'fresh') shareGlobal()
      const { context, realm } =
        snapshot === undefined ? bootContext(freshBoot ?? hardenedBoot, callHost, true) : bindRealm(callHost)
      sharedGlobal ??= realm.getSync('sharedGlobal', asReference)
      setImmediate(cacheCode)
      return createWorkerRealm(context, realm, instrumentation)
    },
    takeCoverage: coverage?.take,
    readHeapUse() {
      const { used_heap_size: usedBytes, externally_allocated_size: externalBytes } = isolate.getHeapStatisticsSync()
      return (usedBytes + externalBytes) / (limits.isolateHeapMb * 2 ** 20)
    },
    openInspectorSession: () => openInspectorSession(isolate),
    hasEmptyGlobal: () => sharedGlobal === undefined || isEmptyObject(isolate, sharedGlobal),
    dispose() {
      coverage?.dispose()
      disposeIsolate(isolate)
    },
  }
}

/** Compiles what all realms of an isolate run, beside the rules. A snapshot has the guest of fresh realms, and the modules. */
function compileShared(isolate: ivm.Isolate, { realm, modules }: Program, hasSnapshot: boolean) {
  const { compile, cacheCode } = createScriptCompiler(isolate)
  const compileGuest = (kind: Program['realm']): ivm.Script =>
    compile({ hash: kind, code: guestScripts[kind], filename: 'claimsmith:guest' })
  return {
    hardenedBoot: compileGuest('hardened'),
    freshBoot: realm === 'fresh' && !hasSnapshot ? compileGuest('fresh') : undefined,
    moduleBundle: hasSnapshot ? undefined : modules && compile({ ...modules, filename: 'claimsmith:modules' }),
    cacheCode,
  }
}

function disposeIsolate(isolate: ivm.Isolate): void {
  try {
    isolate.dispose()
  } catch {
    // Its memory limit has disposed it already.
  }
}

function isEmptyObject(isolate: ivm.Isolate, object: ivm.Reference): boolean {
  const context = isolate.createContextSync()
  const isEmpty = context.evalClosureSync('return Reflect.ownKeys($0).length === 0', [object.derefInto()]) as boolean
  context.release()
  return isEmpty
}

function toRealmOptions(program: Program, limits: SandboxLimits): RealmOptions {
  return {
    configuration: program.configuration,
    rules: program.rules.map(toRealmRule),
    trigger: program.trigger,
    limits,
    modules: toModuleOptions(program.modules),
  }
}

function toModuleOptions({
  failures = {},
  reasons = {},
  provided = {},
}: Partial<ProgramModules> = {}): RealmOptions['modules'] {
  return { failures, reasons, provided }
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
