import type { SandboxLimits } from '../wire/limits.ts'
import type { Program } from '../wire/protocol.ts'
import type { SnapshotAnswer } from '../wire/snapshot-messages.ts'
import { findPackage } from '../modules/module-catalogue.ts'
import { parseSpecifier } from '../modules/specifier.ts'
import { type SnapshotProcess, startSnapshotProcess } from './snapshot-process.ts'

interface SnapshotStoreOptions {
  readonly limits: SandboxLimits
  readonly onReady: (hash: string, bytes: Uint8Array<ArrayBuffer>) => void
  readonly onFailed: (program: Program, reason: string) => void
}

/**
 * - `queued`: another snapshot is being made.
 * - `making`: a process makes it.
 * - `ready`: workers get it.
 * - `failed`: it cannot be made. It is not tried again.
 */
type SnapshotState =
  | { readonly name: 'queued' }
  | { readonly name: 'making'; readonly process: SnapshotProcess }
  | { readonly name: 'ready'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly name: 'failed' }

interface Entry {
  readonly program: Program
  state: SnapshotState
}

/** The deadline of a snapshot, from the start of its process. */
const maxSnapshotMs = 10_000

/**
 * The V8 snapshots of the current programs. They are made one after the other, in processes of their own, and only held in
 * memory: a snapshot holds machine code, so it comes from no worker and from no disk.
 */
export class SnapshotStore {
  readonly #options: SnapshotStoreOptions
  /** By hash of the program. */
  readonly #entries = new Map<string, Entry>()

  constructor(options: SnapshotStoreOptions) {
    this.#options = options
  }

  /** Makes snapshots for those of these programs that profit from one, and forgets those of all others. */
  retain(programs: readonly Program[]): void {
    const wanted = new Map(programs.filter(hasSnapshot).map((program) => [program.hash, program]))
    for (const hash of this.#entries.keys()) if (!wanted.has(hash)) this.#remove(hash)
    for (const [hash, program] of wanted) {
      if (!this.#entries.has(hash)) this.#entries.set(hash, { program, state: { name: 'queued' } })
    }
    this.#startNext()
  }

  find(hash: string): Uint8Array<ArrayBuffer> | undefined {
    const state = this.#entries.get(hash)?.state
    return state?.name === 'ready' ? state.bytes : undefined
  }

  close(): void {
    for (const hash of this.#entries.keys()) this.#remove(hash)
  }

  #remove(hash: string): void {
    const state = this.#entries.get(hash)?.state
    if (state?.name === 'making') state.process.kill()
    this.#entries.delete(hash)
  }

  #startNext(): void {
    const entries = [...this.#entries.values()]
    if (entries.some(({ state }) => state.name === 'making')) return
    const entry = entries.find(({ state }) => state.name === 'queued')
    if (entry !== undefined) this.#becomeMaking(entry)
  }

  #becomeMaking(entry: Entry): void {
    const { modules } = entry.program
    const { limits } = this.#options
    const { maxDepth, maxOutputBytes, maxLogBytes, maxLogLines, maxResponseBytes } = limits
    const process = startSnapshotProcess(
      {
        type: 'make-snapshot',
        code: modules?.code ?? '',
        limits: { maxDepth, maxOutputBytes, maxLogBytes, maxLogLines, maxResponseBytes },
        modules: {
          failures: modules?.failures ?? {},
          reasons: modules?.reasons ?? {},
          provided: modules?.provided ?? {},
        },
        clockReaders: (modules?.userModules ?? []).filter(isClockReader),
        isolateHeapMb: limits.isolateHeapMb,
        timeoutMs: maxSnapshotMs,
      },
      { maxMs: maxSnapshotMs, maxRssMb: limits.workerRssMb },
      (answer) => this.#onEnd(entry, answer),
    )
    entry.state = { name: 'making', process }
  }

  #onEnd(entry: Entry, answer: SnapshotAnswer): void {
    const { program } = entry
    if (answer.type === 'snapshot') {
      entry.state = { name: 'ready', bytes: answer.bytes }
      this.#options.onReady(program.hash, answer.bytes)
    } else {
      entry.state = { name: 'failed' }
      this.#options.onFailed(program, answer.reason)
    }
    this.#startNext()
  }
}

/**
 * Packages that read the clock while they start, to see how often a function is called. Nothing that a rule can see depends on
 * the time that they read.
 */
const clockReaders: readonly string[] = ['lodash']

function isClockReader(entry: string): boolean {
  const globalName = /^global (.*)$/.exec(entry)?.[1]
  return clockReaders.includes((globalName === undefined ? parseSpecifier(entry)?.name : findPackage(globalName)) ?? '')
}

/** Contexts that are used once, and that start modules. */
function hasSnapshot({ realm, modules }: Program): boolean {
  return realm === 'fresh' && modules !== undefined
}
