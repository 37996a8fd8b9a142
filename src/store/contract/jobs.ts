import type { ImportError } from '../../profile/user/import-user.ts'
import type { ImportEntry } from './imports.ts'

/**
 * The states of a job.
 *
 * - An import: `createImport` → pending, `claimImport` → processing, `finish` → completed or failed. After `release`, or after
 *   its lease expired, a processing job can be claimed again.
 * - An export: completed from the beginning.
 */
export type JobStatus = 'pending' | 'processing' | 'completed' | 'failed'

/** Work that continues after its request was answered. */
export interface Job {
  /** `job_` and 16 characters. */
  readonly id: string
  readonly type: 'users_import' | 'users_export'
  readonly status: JobStatus
  /** Why it failed. */
  readonly statusDetails?: string | undefined
  readonly connectionId?: string | undefined
  /** What the caller asked for. */
  readonly parameters: Readonly<Record<string, unknown>>
  readonly summary: JobSummary
  /** How many of `summary.total` are done. */
  readonly position: number
  readonly createdAtMs: number
}

export interface JobSummary {
  readonly total: number
  readonly inserted: number
  readonly updated: number
  readonly failed: number
}

export interface NewImportJob {
  readonly connectionId: string
  readonly parameters: Readonly<Record<string, unknown>>
  /** The text of the file, kept until the job ends. */
  readonly input: string
}

/** An import that this process works on; nobody else does while the lease is renewed in time. */
export interface ImportWork {
  readonly job: Job
  readonly input: string
  /** From 1: more than one when a process that worked on it went away. */
  readonly attempts: number
  readonly leaseId: string
}

export type Lease = Pick<ImportWork, 'leaseId'> & { readonly job: Pick<Job, 'id'> }

/** A user of an import who was not written. */
export interface JobError {
  /** As in the file, without passwords and hashes. */
  readonly user: unknown
  readonly errors: readonly ImportError[]
}

export interface JobStore {
  /** Undefined while two imports are under way already, in whatever process. */
  createImport(job: NewImportJob): Promise<Job | undefined>
  /** An export is complete at once: its file is written while it is downloaded. */
  createExport(job: Pick<Job, 'connectionId' | 'parameters'>): Promise<Job>
  get(id: string): Promise<Job | undefined>
  /** In the order of the file. */
  listErrors(id: string): Promise<JobError[]>
  /** Takes the oldest import that nobody works on, or whose lease of 30 seconds was not renewed. */
  claimImport(): Promise<ImportWork | undefined>
  /** Notes how many users the file holds. */
  setTotal(lease: Lease, total: number): Promise<void>
  /**
   * Writes the next users and the job's progress, all or nothing, and renews the lease. False, and nothing was written, when
   * another process has the job now.
   */
  importUsers(lease: Lease, entries: readonly ImportEntry[], options: { readonly upsert: boolean }): Promise<boolean>
  /** Ends the job, and forgets its file; `failure` says why, where it did not succeed. */
  finish(lease: Lease, errorMessage?: string): Promise<void>
  /** Lets another process go on at once. */
  release(lease: Lease): Promise<void>
  /** Deletes the jobs that were created before; says how many. */
  purgeBefore(ms: number): Promise<number>
}
