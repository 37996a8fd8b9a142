import type { RuleErrorCode } from '../../errors/codes.ts'
import type { RunInput } from './run-input.ts'
import type { ClockReadings } from './run-overrides.ts'
import type { MetadataBatch, Suspension } from './resume-point.ts'
import type { RealmRule } from './guest-contract.ts'
import type { SandboxLimits } from './limits.ts'
import type { ProgramModules } from './program-modules.ts'
import type { RuleRecord } from './records.ts'

/** The plain data that crosses the process border. What a worker sends is checked on arrival: it is where rules run. */

/** The rules of one ruleset, as a worker needs them. */
export interface Program {
  readonly hash: string
  /** What its actions are called for. */
  readonly trigger: 'post-login' | 'credentials-exchange'
  readonly rules: readonly ProgramRule[]
  readonly configuration: Readonly<Record<string, string>>
  readonly realm: 'hardened' | 'fresh'
  /** Absent where the rules ask for no module. */
  readonly modules?: ProgramModules
}

export interface ProgramRule extends RealmRule {
  /** One JavaScript expression. */
  readonly expression: string
  /** What a debugger calls its script; absent where none is expected. */
  readonly url?: string
  /** Where a debugger stops for the first time; lines and columns from 0. */
  readonly breakpoints?: readonly { readonly line: number; readonly column: number }[]
}

/** Which private addresses rules may call, in the forms that `createNetworkPolicy` reads. */
export interface NetworkOptions {
  readonly allow?: readonly string[]
  /** The embedder answers requests itself: no connection is made. */
  readonly hasFetch?: boolean
}

/** Sent once, when a worker has started. */
export interface WorkerOptions {
  readonly type: 'options'
  readonly limits: SandboxLimits
  readonly network: NetworkOptions
  /** To tell what the rules run. */
  readonly hasCoverage?: boolean
  /** To let a debugger in, and to wait for it. */
  readonly hasInspector?: boolean
  /** A test runs the rules: messages go over the two pipes of its line. */
  readonly hasSyncChannel?: boolean
}

export interface RunMessage {
  readonly type: 'run'
  readonly id: number
  /** The program's. */
  readonly hash: string
  /** How often it ran before, in a worker or an isolate that was lost. */
  readonly attempts: number
  readonly input: RunInput
}

export type ToWorker =
  | WorkerOptions
  | { readonly type: 'program'; readonly program: Program }
  | RunMessage
  | { readonly type: 'answer'; readonly id: number; readonly op: number; readonly ok: boolean; readonly body: string }
  | { readonly type: 'ping' }
  /** A debugger says something, in the Chrome DevTools Protocol; without a message, it has gone. */
  | { readonly type: 'inspect'; readonly message?: string }

export type FromWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'need'; readonly hash: string }
  /** The login is about to do something outside; from now on it cannot be run a second time. */
  | { readonly type: 'sideEffect'; readonly id: number }
  | { readonly type: 'call'; readonly id: number; readonly op: number; readonly name: string; readonly body: string }
  /** Of a login that `tells`: what it sent or got, the JSON of a `ToldExchange`. */
  | { readonly type: 'exchange'; readonly id: number; readonly text: string }
  /** The login was under way in an isolate that another login has ruined. */
  | { readonly type: 'evicted'; readonly id: number }
  /** A sign of life: the answer to a ping, or a realm has started. */
  | { readonly type: 'pong' }
  /** What the rules of a ruleset ran since the last time: the JSON of a list of `RuleCounts`. */
  | { readonly type: 'coverage'; readonly hash: string; readonly counts: string }
  /** What the inspector of an isolate says. */
  | { readonly type: 'inspected'; readonly message: string }
  /** A rule asks for a value of its test's; the worker stands still until it has the answer. */
  | { readonly type: 'stub'; readonly id: number; readonly body: string }
  /** The login that a test runs has done what it does at once, and waits for something; told again whenever it has gone on. */
  | { readonly type: 'waiting'; readonly id: number }
  /** `rules` is what `writeRecords` made. */
  | ({ readonly type: 'done'; readonly id: number } & WireResult)

/** How the rules of one login ended. */
export interface RunResult {
  readonly status: 'ok' | 'deny' | 'error'
  readonly reason?: string
  /** The code that an action gave with its refusal. */
  readonly reasonCode?: string
  readonly error?: { readonly code: RuleErrorCode; readonly message: string; readonly rule?: string }
  /** An action wants the user to do something before the next one runs. */
  readonly suspended?: Suspension
  /** What actions want to be saved with the user. */
  readonly metadata?: MetadataBatch
  /** What the login's clock showed, where that was asked for. */
  readonly readings?: ClockReadings
  /** What stood on `global` when the login began, where that was asked for: the members that are data, each as `encode` wrote it. */
  readonly shared?: Readonly<Record<string, string>>
  /** `encode({ user, context })`; empty where the rules left nothing that could be read. */
  readonly login: string
  /** The rules' changes tell what became of the login; `login` is the JSON of its `Marks`, or empty where it has none. */
  readonly isDelta?: boolean
  readonly rules: readonly RuleRecord[]
}

/** A result on its way: what the rules did is one text, which costs a fraction of many small objects. */
export type WireResult = Omit<RunResult, 'rules'> & { readonly rules: string }

/** What ran of one rule, as V8 counts it; offsets are those of the rule's expression. */
export interface RuleCounts {
  /** Its place among the program's rules. */
  readonly rule: number
  readonly functions: readonly FunctionCounts[]
}

export interface FunctionCounts {
  readonly functionName: string
  readonly isBlockCoverage: boolean
  /** The first is the function itself; the others lie in it, and count otherwise. */
  readonly ranges: readonly { readonly startOffset: number; readonly endOffset: number; readonly count: number }[]
}
