import type { GuestLimits, ModuleOptions } from './guest-contract.ts'

/**
 * What a snapshot is made of: our code, and the code of modules. Rules, configuration and secrets are no part of it.
 *
 * It is the first message to a process that makes one snapshot and does nothing else.
 */
export interface SnapshotRequest {
  readonly type: 'make-snapshot'
  /** The script of `ProgramModules`. */
  readonly code: string
  readonly limits: GuestLimits
  readonly modules: ModuleOptions
  /** Modules that read the clock while they start, and do not depend on what they read. */
  readonly clockReaders: readonly string[]
  /** For the heap in which the modules are tried. */
  readonly isolateHeapMb: number
  readonly timeoutMs: number
}

/** The answer of that process. */
export type SnapshotAnswer =
  | {
      readonly type: 'snapshot'
      readonly bytes: Uint8Array<ArrayBuffer>
      /** Modules that start in each context, because they read the clock, random numbers, or ask the host. */
      readonly lateModules: readonly string[]
    }
  | { readonly type: 'no-snapshot'; readonly reason: string }

export function isSnapshotAnswer(value: unknown): value is SnapshotAnswer {
  if (typeof value !== 'object' || value === null) return false
  const { type, bytes, lateModules, reason } = value as Partial<Record<string, unknown>>
  if (type === 'no-snapshot') return typeof reason === 'string'
  return type === 'snapshot' && bytes instanceof Uint8Array && Array.isArray(lateModules)
}
