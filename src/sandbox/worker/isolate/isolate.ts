import ivm from 'isolated-vm'
import type { SandboxLimits } from '../../wire/limits.ts'
import type { Program, RuleCounts } from '../../wire/protocol.ts'
import { openInspectorSession } from '../inspect/open-inspector-session.ts'
import { type RuleScript, startRuleCoverage } from '../coverage/rule-coverage.ts'
import { readGuest } from './read-guest.ts'
import { toRealmOptions } from './realm-options.ts'
import { createScriptCompiler } from './script-compiler.ts'
import { type WorkerRealm, createWorkerRealm } from './worker-realm.ts'
import { bindContext, removeBinding } from '../snapshot/bind-context.ts'

/** How rules are observed. */
export interface Instrumentation {
  readonly hasCoverage: boolean
  readonly hasInspector: boolean
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

  function bootContext(script: ivm.Script, callHost: HostBridgeCallback, hasRules: boolean): BootedContext {
    const context = isolate.createContextSync({ inspector: instrumentation.hasInspector })
    if (snapshot !== undefined) removeBinding(context)
    const timeoutMs = limits.wallPerLoginMs
    const input = { callHost, optionsText, sharedGlobal, timeoutMs }
    return { context, realm: bootRealm(context, script, hasRules ? { ...input, moduleBundle, scripts } : input) }
  }

  /** The same, in a context from the snapshot. */
  function bindRealm(callHost: HostBridgeCallback): BootedContext {
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
      return createWorkerRealm(context, realm, instrumentation.hasInspector)
    },
    takeCoverage: coverage?.take,
    readHeapUse() {
      const { used_heap_size: usedBytes, externally_allocated_size: externalBytes } = isolate.getHeapStatisticsSync()
      return (usedBytes + externalBytes) / (limits.isolateHeapMb * 2 ** 20)
    },
    openInspectorSession: () => openInspectorSession(isolate),
    hasEmptyGlobal: () => sharedGlobal === undefined || hasNoMembers(isolate, sharedGlobal),
    dispose() {
      coverage?.dispose()
      disposeIsolate(isolate)
    },
  }
}

interface BootedContext {
  readonly context: ivm.Context
  readonly realm: ivm.Reference
}

interface RealmParts {
  readonly callHost: HostBridgeCallback
  readonly optionsText: string
  readonly sharedGlobal: ivm.Reference | undefined
  readonly moduleBundle?: ivm.Script | undefined
  readonly scripts?: readonly ivm.Script[]
  readonly timeoutMs: number
}

/** Runs the guest in a context, and the rules' scripts with it. */
function bootRealm(context: ivm.Context, script: ivm.Script, parts: RealmParts): ivm.Reference {
  const { callHost, optionsText, sharedGlobal, moduleBundle, scripts = [], timeoutMs: timeout } = parts
  const boot = script.runSync(context, asReference)
  const modules = moduleBundle?.runSync(context, asReference)
  const factories = scripts.map((one) => one.runSync(context, asReference))
  const realm = boot.applySync(
    undefined,
    [
      new ivm.Callback(callHost),
      optionsText,
      sharedGlobal?.derefInto(),
      modules?.derefInto(),
      ...factories.map((factory) => factory.derefInto()),
    ],
    { result: { reference: true }, timeout },
  ) as ivm.Reference
  for (const reference of [boot, modules, ...factories]) reference?.release()
  return realm
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

function hasNoMembers(isolate: ivm.Isolate, sharedGlobal: ivm.Reference): boolean {
  const context = isolate.createContextSync()
  const isEmpty = context.evalClosureSync('return Reflect.ownKeys($0.values).length === 0', [
    sharedGlobal.derefInto(),
  ]) as boolean
  context.release()
  return isEmpty
}

function buildScriptPrefix({ parameters = [] }: Program['rules'][number]): string {
  return `((${['configuration, auth0, global, require', ...parameters].join(', ')}) => (`
}

function toRuleScript(rule: Program['rules'][number]): RuleScript {
  return { filename: rule.url ?? rule.filename, prefixLength: buildScriptPrefix(rule).length }
}

function compileRule(isolate: ivm.Isolate, rule: Program['rules'][number]): ivm.Script {
  const prefix = buildScriptPrefix(rule)
  return isolate.compileScriptSync(`${prefix}${rule.expression}\n))`, {
    filename: rule.url ?? rule.filename,
    columnOffset: -prefix.length,
  })
}
