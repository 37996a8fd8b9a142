/** Overrides of clock, random numbers and `global` for one run. */
export interface RunOverrides {
  readonly clock?: LoginClock
  /** Seed of all random numbers. The run then gets a realm that no other run has used. */
  readonly seed?: string
  /** Members of `global`, instead of those that other logins left, each as `encode` wrote it. */
  readonly shared?: Readonly<Record<string, string>>
  /** Whether its rules may send only GET and HEAD requests. */
  readonly isReadOnly?: boolean
  /** Whether the worker reports all that a replay needs: clock readings, `global`, HTTP messages and their answers. */
  readonly isRecorded?: boolean
}

/**
 * The clock of a login's rules. It begins at `startMs`, and stands still or moves with real time; or it repeats the readings
 * of an earlier run, and stays at the last one.
 *
 * @example
 * await engine.run(login, { time: { startMs: Date.parse('2026-01-31'), moves: false } })
 */
export type LoginClock =
  | { readonly startMs: number; readonly moves: boolean }
  | { readonly startMs: number; readonly readings: ClockReadings }

/**
 * The readings of a clock, in order. `sinceMs`: milliseconds since the previous item, or since `startMs` for the first one.
 * `times`: how often the clock was read at this time.
 *
 * @example
 * const readings: ClockReadings = [[0, 2], [15, 1]] // twice at the start, once 15 ms later
 */
export type ClockReadings = readonly (readonly [sinceMs: number, times: number])[]

/** Overrides in the form that a realm gets. */
export interface RealmOverrides {
  readonly clock?: LoginClock
  /** Four 32-bit numbers, the seed of `Math.random`. */
  readonly seedWords?: readonly number[]
  readonly isReadOnly?: boolean
  readonly shared?: Readonly<Record<string, string>>
  /** Whether `global` keeps plain data only. Other members may belong to a disposed realm, whose ops are never settled. */
  readonly isDataOnly?: boolean
  readonly isRecorded?: boolean
}
