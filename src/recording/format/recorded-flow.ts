import type { OriginalRequest, ResumePoint } from '../../sandbox/wire/resume-point.ts'

/** Where a suspended login went on, with the names that recordings of format 1 have for it. */
export interface RecordedFlow {
  readonly first: number
  readonly continues?: string
  readonly state?: string
  readonly protocol?: string
  readonly asked?: OriginalRequest
}

export function toRecordedFlow({ ruleIndex, action, originalRequest, ...rest }: ResumePoint): RecordedFlow {
  return {
    first: ruleIndex,
    ...(action === undefined ? {} : { continues: action }),
    ...rest,
    ...(originalRequest === undefined ? {} : { asked: originalRequest }),
  }
}

export function toResumePoint({ first, continues, asked, ...rest }: RecordedFlow): ResumePoint {
  return {
    ruleIndex: first,
    ...(continues === undefined ? {} : { action: continues }),
    ...rest,
    ...(asked === undefined ? {} : { originalRequest: asked }),
  }
}
