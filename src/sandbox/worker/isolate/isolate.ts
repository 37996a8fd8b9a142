import { readFileSync } from 'node:fs'
import ivm from 'isolated-vm'
import type { RealmConditions } from '../../wire/conditions.ts'
import type { RealmOptions } from '../../wire/guest-contract.ts'
import type { SandboxLimits } from '../../wire/limits.ts'
import type { Flow } from '../../wire/flow.ts'
import type { Program, RuleCounts } from '../../wire/protocol.ts'
import { openSession } from '../inspect/open-session.ts'
import { type RuleScript, startRuleCoverage } from '../coverage/rule-coverage.ts'
import { compilerOf } from './shared-scripts.ts'

/** One of an isolate's realms, and the entries into it. */
export interface WorkerRealm {
  /** Begins a login; `stale` are the ops whose answers will never come. */
  start(input: RealmInput, timeoutMs: number): Entered<'started' | 'dirty'>
  settle(op: number, ok: boolean, body: string, timeoutMs: number): Entered<void>
  abandon(code: string, message: string, timeoutMs: number): Entered<void>
  dispose(): void
}

/** An entry into an isolate: over at once, or a promise where a debugger may hold it up. */
export type Entered<Result> = Result | Promise<Result>

/** What is to be seen of rules at work. */
export interface Watching {
  readonly coverage: boolean
  readonly inspect: boolean
}

export interface RealmInput {
  readonly login: string
  readonly facts: string
  readonly flow: Flow | undefined
  readonly conditions: RealmConditions | undefined
  readonly stale: readonly number[]
}

/** The host's side of a realm's one door; it must not throw. What a call comes with: see `HostCall`. */
export type HostDoor = (call: string, a: string | number, b: string, c?: string) => string | number | undefined

/** The isolate of one ruleset. */
export interface RulesetIsolate {
  /** Makes a realm; takes some milliseconds. Throws a SyntaxError where V8 refuses a rule. */
  createRealm(door: HostDoor): WorkerRealm
  /** What its rules ran since the last time; undefined where nobody counts. */
  readonly takeCoverage: (() => Promise<readonly RuleCounts[]>) | undefined
  /** Begins a conversation of a debugger's with the isolate. */
  openSession(): ivm.InspectorSession
  dispose(): void
}

const asReference = { reference: true } as const
/** Read when the worker starts: where they are missing no worker can start, which is not for a login to find out. */
const guest = { hardened: readGuest('hardened'), fresh: readGuest('fresh') }

function readGuest(kind: 'hardened' | 'fresh'): string {
  // Passed in if the files have been replaced since the parent started: see `writeKeptWorker`.
  const { claimsmithGuest } = globalThis as { readonly claimsmithGuest?: Readonly<Record<string, string>> }
  return claimsmithGuest?.[kind] ?? readFileSync(new URL(`../../../dist/guest/${kind}.js`, import.meta.url), 'utf8')
}

export function createRulesetIsolate(program: Program, limits: SandboxLimits, watching: Watching): RulesetIsolate {
  const isolate = new ivm.Isolate({
    memoryLimit: limits.isolateHeapMb,
    inspector: watching.coverage || watching.inspect,
    // V8 is beyond repair here, and the thread may be frozen: the parent learns of it by the exit, and starts another.
    onCatastrophicError: () => process.abort(),
  })
  const coverage = watching.coverage ? startRuleCoverage(isolate, program.rules.map(scriptOf)) : undefined
  const scripts = program.rules.map((rule) => compileRule(isolate, rule))
  const { compile, keep } = compilerOf(isolate)
  const compileGuest = (realm: Program['realm']): ivm.Script =>
    compile({ hash: realm, code: guest[realm], filename: 'claimsmith:guest' })
  const boot = compileGuest(program.realm)
  const hardenedBoot = program.realm === 'hardened' ? boot : compileGuest('hardened')
  const bundle = program.modules && compile({ ...program.modules, filename: 'claimsmith:modules' })
  const options: RealmOptions = {
    configuration: program.configuration,
    rules: program.rules.map(withoutText),
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
    const context = isolate.createContextSync({ inspector: watching.inspect })
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
      setImmediate(keep)
      return realmOf(context, realm, watching)
    },
    takeCoverage: coverage?.take,
    openSession: () => openSession(isolate),
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

function openingOf({ parameters = [] }: Program['rules'][number]): string {
  return `((${['configuration, auth0, global, require', ...parameters].join(', ')}) => (`
}

function scriptOf(rule: Program['rules'][number]): RuleScript {
  return { filename: rule.url ?? rule.filename, opening: openingOf(rule).length }
}

function withoutText(rule: Program['rules'][number]): RealmOptions['rules'][number] {
  const { expression: _, ...rest } = rule
  return rest
}

function compileRule(isolate: ivm.Isolate, rule: Program['rules'][number]): ivm.Script {
  const opening = openingOf(rule)
  return isolate.compileScriptSync(`${opening}${rule.expression}\n))`, {
    filename: rule.url ?? rule.filename,
    columnOffset: -opening.length,
  })
}

function realmOf(context: ivm.Context, realm: ivm.Reference, { inspect }: Watching): WorkerRealm {
  const [start, settle, abandon] = ['start', 'settle', 'abandon'].map((name) => realm.getSync(name, asReference)) as [
    ivm.Reference,
    ivm.Reference,
    ivm.Reference,
  ]
  realm.release()
  /** The facts that the realm has. */
  let told: string | undefined

  function enter<Result>(entry: ivm.Reference, input: readonly (string | number | boolean)[], timeout: number) {
    // A debugger that holds up this thread could never say how to go on.
    const entered: unknown = entry[inspect ? 'apply' : 'applySync'](undefined, [...input], { timeout })
    return entered as Entered<Result>
  }

  return {
    start({ login, facts, flow, conditions, stale }, timeout) {
      const manner = mannerOf(flow, conditions)
      // Each text that crosses costs its share, and most logins say nothing with these that the one before has not said.
      if (facts === told && manner === '' && stale.length === 0) return enter(start, [login], timeout)
      told = facts
      return enter(start, [login, facts, manner, ...stale], timeout)
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

function mannerOf(flow: Flow | undefined, conditions: RealmConditions | undefined): string {
  return flow === undefined && conditions === undefined ? '' : JSON.stringify({ flow, conditions })
}
