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
  /** The reason of a failure. */
  readonly statusDetails?: string | undefined
  readonly connectionId?: string | undefined
  /** The parameters of the request. */
  readonly parameters: Readonly<Record<string, unknown>>
  readonly summary: JobSummary
  /** The number of users processed so far, of `summary.total`. */
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
  /** The text of the file. It is deleted when the job ends. */
  readonly input: string
}

/** An import that this process has leased. No other process claims it while the lease is renewed in time. */
export interface ImportWork {
  readonly job: Job
  readonly input: string
  /** From 1. Greater if an earlier process lost or released its lease. */
  readonly attempts: number
  readonly leaseId: string
}

export type Lease = Pick<ImportWork, 'leaseId'> & { readonly job: Pick<Job, 'id'> }

/** A user of an import that was not written. */
export interface JobError {
  /** The user as in the file, without passwords and hashes. */
  readonly user: unknown
  readonly errors: readonly ImportError[]
}

export interface JobStore {
  /** Undefined while two imports are pending or processing, in any process. */
  createImport(job: NewImportJob): Promise<Job | undefined>
  /** An export is completed immediately: its file is generated during the download. */
  createExport(job: Pick<Job, 'connectionId' | 'parameters'>): Promise<Job>
  get(id: string): Promise<Job | undefined>
  /** In the order of the file. */
  listErrors(id: string): Promise<JobError[]>
  /** Leases the oldest import that has no lease, or whose lease of 30 seconds has expired. */
  claimImport(): Promise<ImportWork | undefined>
  /** Records how many users the file holds. */
  setTotal(lease: Lease, total: number): Promise<void>
  /**
   * Writes the next users and the job's progress in one transaction, and renews the lease. Returns false and writes nothing
   * if another process has the job now.
   */
  importUsers(lease: Lease, entries: readonly ImportEntry[], options: { readonly upsert: boolean }): Promise<boolean>
  /** Ends the job and deletes its file. With an `errorMessage` the job has failed. */
  finish(lease: Lease, errorMessage?: string): Promise<void>
  /** Gives the lease up, so that another process can claim the job immediately. */
  release(lease: Lease): Promise<void>
  /** Deletes the ended jobs that were created before this time. Returns their number. */
  purgeBefore(ms: number): Promise<number>
}
