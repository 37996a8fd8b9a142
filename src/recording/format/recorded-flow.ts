import type { ResumePoint } from '../../sandbox/wire/resume-point.ts'
import type { RecordedFlow } from './recording.ts'

/** Writes where a suspended login resumed, with the names that recordings of format 1 have for it. */
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
