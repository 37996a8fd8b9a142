/** What the rules of one login find in the place of the machine's time and randomness. */
export interface RunOverrides {
  readonly clock?: LoginClock
  /** All randomness follows from it, and the login gets a realm that no other login has been in. */
  readonly seed?: string
  /** What its rules may put on `global` and find there: instead of what other logins left, each as `encode` wrote it. */
  readonly shared?: Readonly<Record<string, string>>
  /** Its rules may ask other servers with GET and HEAD only. */
  readonly isReadOnly?: boolean
  /** All that it takes to run the login again is told: its clock's readings, `global`, its messages and their answers. */
  readonly isRecorded?: boolean
}

/**
 * The time that a login's rules see: from an instant on, standing still or moving as time does; or the readings of an
 * earlier run, one after the other, where the last one stays.
 */
export type LoginClock =
  | { readonly startMs: number; readonly moves: boolean }
  | { readonly startMs: number; readonly readings: ClockReadings }

/** What a clock showed, in order: the milliseconds since the reading before, the first since `startMs`, and how often. */
export type ClockReadings = readonly (readonly [sinceMs: number, times: number])[]

/** Conditions as a realm gets them. */
export interface RealmOverrides {
  readonly clock?: LoginClock
  /** Four numbers of 32 bits, which `Math.random` follows from. */
  readonly seedWords?: readonly number[]
  readonly isReadOnly?: boolean
  readonly shared?: Readonly<Record<string, string>>
  /** Of `global`, only data stays: what else is there may belong to a realm that is gone, where nothing is answered. */
  readonly isDataOnly?: boolean
  readonly isRecorded?: boolean
}
