import type { RuleErrorCode } from '../../errors/codes.ts'
import type { RunInput } from './run-input.ts'
import type { ClockReadings } from './run-overrides.ts'
import type { MetadataBatch, Suspension } from './resume-point.ts'
import type { RealmRule } from './guest-contract.ts'
import type { SandboxLimits } from './limits.ts'
import type { ProgramModules } from './program-modules.ts'
import type { RuleRecord } from './records.ts'

/** Messages between the embedder's process and a worker. `message-checks.ts` checks those of a worker on arrival. */

/** The rules of one ruleset, as a worker needs them. */
export interface Program {
  readonly hash: string
  /** The trigger that its actions are called for. */
  readonly trigger: 'post-login' | 'credentials-exchange'
  readonly rules: readonly ProgramRule[]
  readonly configuration: Readonly<Record<string, string>>
  readonly realm: 'hardened' | 'fresh'
  /** Absent if the rules require no module. */
  readonly modules?: ProgramModules
  /** Absent if there are none. They never enter an isolate. */
  readonly hostSecrets?: readonly HostSecret[]
}

/** A secret for some hosts. Rules have its placeholder; the worker puts the value into requests to these hosts. */
export interface HostSecret {
  /** Where rules find it: `configuration.CRM_KEY` or `secrets.CRM_KEY`. */
  readonly name: string
  readonly placeholder: string
  readonly value: string
  /** In the forms that `parseHostPattern` reads. */
  readonly hosts: readonly string[]
}

export interface ProgramRule extends RealmRule {
  /** One JavaScript expression. */
  readonly expression: string
  /** Script URL for a debugger; absent if none is expected. */
  readonly url?: string
  /** Initial breakpoints of a debugger; lines and columns count from 0. */
  readonly breakpoints?: readonly { readonly line: number; readonly column: number }[]
  /** The hosts that it declares, in the forms that `parseHostPattern` reads; absent if it declares none. */
  readonly hosts?: readonly string[]
}

/** Network access of rules. */
export interface NetworkOptions {
  /** Private addresses that rules may call, in the forms that `parseAllowedAddress` reads. */
  readonly allow?: readonly string[]
  /** The only hosts that rules may call, in the forms that `parseHostPattern` reads. Any host if absent. */
  readonly hosts?: readonly string[]
  /** The URL of a proxy for all connections; it may hold credentials. */
  readonly proxy?: string
  /** Whether the embedder answers requests itself, so that no connection is made. */
  readonly hasFetch?: boolean
}

/** Sent once, when a worker has started. */
export interface WorkerOptions {
  readonly type: 'options'
  readonly limits: SandboxLimits
  readonly network: NetworkOptions
  /** Whether the worker reports execution counts. */
  readonly hasCoverage?: boolean
  /** Whether the worker waits for a debugger. */
  readonly hasInspector?: boolean
  /** Whether a test runs the rules; messages then use the two pipes of a `SyncChannel`. */
  readonly hasSyncChannel?: boolean
}

export interface RunMessage {
  readonly type: 'run'
  readonly id: number
  /** Hash of the program. */
  readonly hash: string
  /** How often it ran before and was interrupted. */
  readonly attempts: number
  readonly input: RunInput
}

export type ToWorker =
  | WorkerOptions
  | { readonly type: 'program'; readonly program: Program; readonly snapshot?: Uint8Array<ArrayBuffer> }
  /** A V8 snapshot in which the modules of a program are started. It comes from a process that has run no rule. */
  | { readonly type: 'snapshot'; readonly hash: string; readonly bytes: Uint8Array<ArrayBuffer> }
  | RunMessage
  /** The answer to a `call`; if `ok` is false, its error. */
  | { readonly type: 'answer'; readonly id: number; readonly op: number; readonly ok: boolean; readonly body: string }
  | { readonly type: 'ping' }
  /** A debugger's message in the Chrome DevTools Protocol; without one, the debugger has disconnected. */
  | { readonly type: 'inspect'; readonly message?: string | undefined }

export type FromWorker =
  | { readonly type: 'ready' }
  /** The worker needs the program with this hash. */
  | { readonly type: 'need'; readonly hash: string }
  /** The run is about to have an effect outside the sandbox. From now on it cannot be retried. */
  | { readonly type: 'sideEffect'; readonly id: number }
  /** A rule calls the embedder. */
  | { readonly type: 'call'; readonly id: number; readonly op: number; readonly name: string; readonly body: string }
  /** A run with `isRecorded` sent or received an HTTP message: the JSON of an `ExchangeUpdate`. */
  | { readonly type: 'exchange'; readonly id: number; readonly text: string }
  /** The isolate of this run was discarded. The run may run again: it is not known to be the cause. */
  | { readonly type: 'evicted'; readonly id: number }
  /** The answer to a ping; also sent when a realm was made, which takes long. */
  | { readonly type: 'pong' }
  /** Execution counts of a ruleset since the last report: the JSON of a list of `RuleCounts`. */
  | { readonly type: 'coverage'; readonly hash: string; readonly counts: string }
  /** A message of an isolate's inspector. */
  | { readonly type: 'inspected'; readonly message: string }
  /** A rule uses a value of its test; the worker blocks until it has the answer. */
  | { readonly type: 'stub'; readonly id: number; readonly body: string }
  /** The synchronous part of a test's run is done, and the rule waits. Sent again after each later part. */
  | { readonly type: 'waiting'; readonly id: number }
  /** `rules` is the output of `writeRecords`. */
  | ({ readonly type: 'done'; readonly id: number } & WireResult)

/** The result of one login's rules. */
export interface RunResult {
  readonly status: 'ok' | 'deny' | 'error'
  readonly reason?: string
  /** The code that an action gave when it denied the login. */
  readonly reasonCode?: string
  readonly error?: { readonly code: RuleErrorCode; readonly message: string; readonly rule?: string }
  /** Present if an action wants the user to do something before the next action runs. */
  readonly suspended?: Suspension
  /** Metadata that actions want to save with the user. */
  readonly metadata?: MetadataBatch
  /** Readings of the run's clock; present if `isRecorded`. */
  readonly readings?: ClockReadings
  /** Members of `global` when the run began that are data, each as `encode` wrote it; present if `isRecorded`. */
  readonly shared?: Readonly<Record<string, string>>
  /** What a rule tried to write to, and what the logins of its realm share. */
  readonly sharedWrite?: string
  /** Whether the run has had an effect outside the sandbox; present with `sharedWrite`. */
  readonly hasSideEffects?: boolean
  /** `encode({ user, context })`; empty if the rules left nothing that can be read. */
  readonly login: string
  /** If true, user and context follow from the rules' changes, and `login` is the JSON of their `Marks`; empty without marks. */
  readonly isDelta?: boolean
  readonly rules: readonly RuleRecord[]
}

/** A result as it crosses the process border. The records are one text, which costs a fraction of many small objects. */
export type WireResult = Omit<RunResult, 'rules'> & { readonly rules: string }

/** Execution counts of one rule from V8; offsets are those of the rule's expression. */
export interface RuleCounts {
  /** Index in the program's rules. */
  readonly rule: number
  readonly functions: readonly FunctionCounts[]
}

export interface FunctionCounts {
  readonly functionName: string
  readonly isBlockCoverage: boolean
  /** The first is the function itself; the others are ranges in it with other counts. */
  readonly ranges: readonly { readonly startOffset: number; readonly endOffset: number; readonly count: number }[]
}
