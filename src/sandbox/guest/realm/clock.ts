import type { ClockReadings, LoginClock } from '../../wire/run-overrides.ts'
import {
  NativeDate,
  apply,
  construct,
  dateText,
  defineProperty,
  getOwnPropertyDescriptor,
  nowMs as machineMs,
  push,
} from '../../wire/primordials.ts'

let realmCreatedMs = machineMs()

/** Takes the present as the start of the process that rules seem to run in. */
export function startOrigin(): void {
  realmCreatedMs = machineMs()
}

/** The clock of the current login; undefined if it uses the machine's. */
let clock: LoginClock | undefined
/** The machine's time at the start of the login. */
let loginStartMs = 0
/** The position of a clock that replays readings: which one, and how often it has been read. */
let readingIndex = 0
let readCount = 0
/** The last reading, in milliseconds after `clock.startMs`. */
let elapsedMs = 0
let recordedReadings: [sinceMs: number, times: number][] | undefined

/** Sets the clock of the login that starts. If `isRecording`, `endClock` returns its readings. */
export function startClock(newClock: LoginClock | undefined, isRecording: boolean): void {
  clock = newClock
  loginStartMs = newClock === undefined ? 0 : machineMs()
  readingIndex = 0
  readCount = 0
  elapsedMs = 0
  recordedReadings = isRecording && newClock !== undefined ? [] : undefined
}

/** Ends the login's clock; returns its readings if they were recorded. */
export function endClock(): ClockReadings | undefined {
  const readings = recordedReadings
  startClock(undefined, false)
  return readings
}

/** The current time of this login's rules. */
export function nowMs(): number {
  if (clock === undefined) return machineMs()
  const beforeMs = elapsedMs
  if ('readings' in clock) readNext(clock.readings)
  // If the machine's clock is set back, the login's clock stands still.
  else if (clock.moves) elapsedMs = Math.max(elapsedMs, machineMs() - loginStartMs)
  if (recordedReadings !== undefined) recordReading(recordedReadings, elapsedMs - beforeMs)
  return clock.startMs + elapsedMs
}

/** The start of `process.hrtime` and `process.uptime`. */
export function originMs(): number {
  return clock === undefined ? realmCreatedMs : clock.startMs
}

function readNext(readings: ClockReadings): void {
  if (readCount === 0 && readingIndex < readings.length) elapsedMs += readings[readingIndex]![0]
  readCount++
  if (readingIndex >= readings.length || readCount < readings[readingIndex]![1]) return
  readingIndex++
  readCount = 0
}

function recordReading(readings: [sinceMs: number, times: number][], sinceMs: number): void {
  const last = readings[readings.length - 1]
  if (sinceMs === 0 && last !== undefined) last[1]++
  else push(readings, [sinceMs, 1])
}

/** Creates a `Date` whose current time is that of the login. */
export function createDate(Native: DateConstructor): DateConstructor {
  function RuleDate(...args: unknown[]): unknown {
    if (new.target === undefined) return dateText(new NativeDate(nowMs()))
    return construct(Native, clock === undefined || args.length > 0 ? args : [nowMs()], new.target) as unknown
  }
  const own: Readonly<Record<string, unknown>> = {
    now() {
      return nowMs()
    },
    parse: Native.parse,
    UTC: Native.UTC,
  }
  for (const name of ['now', 'parse', 'UTC']) {
    defineProperty(RuleDate, name, { value: own[name], writable: true, enumerable: false, configurable: true })
  }
  defineProperty(RuleDate, 'name', { value: 'Date', configurable: true })
  defineProperty(RuleDate, 'length', { value: 7, configurable: true })
  defineProperty(RuleDate, 'prototype', { value: Native.prototype, writable: false })
  const { writable } = getOwnPropertyDescriptor(Native.prototype, 'constructor')!
  if (writable === true) defineProperty(Native.prototype, 'constructor', { value: RuleDate })
  return RuleDate as unknown as DateConstructor
}

/** Makes `Intl.DateTimeFormat` use the login's time if it gets no date. */
export function patchDateFormat(): void {
  const { prototype } = Intl.DateTimeFormat
  const getter = getOwnPropertyDescriptor(prototype, 'format')!
  const format = getter.get as (this: unknown) => (date: unknown) => string
  const { formatToParts } = prototype
  const defaultToNow = (date: unknown): unknown => (date === undefined ? nowMs() : date)
  const own = {
    get format(): unknown {
      const native = apply(format, this, [])
      return clock === undefined ? native : (date: unknown) => native(defaultToNow(date))
    },
    formatToParts(date: unknown): unknown {
      return apply(formatToParts, this, [defaultToNow(date) as Date]) as unknown
    },
  }
  defineProperty(prototype, 'format', { ...getter, get: getOwnPropertyDescriptor(own, 'format')!.get! })
  defineProperty(prototype, 'formatToParts', { value: own.formatToParts, writable: true, configurable: true })
}
