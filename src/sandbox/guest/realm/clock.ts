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

/** When this realm was made. */
const realmCreatedMs = machineMs()

/** The clock of the login at hand; the machine's where it has none of its own. */
let clock: LoginClock | undefined
/** What the machine's clock showed when the login began. */
let loginStartMs = 0
/** Where a clock of readings stands: in which of them, and how often that has been read. */
let readingIndex = 0
let readCount = 0
/** What the last reading showed, as milliseconds after `clock.startMs`. */
let elapsedMs = 0
let recordedReadings: [sinceMs: number, times: number][] | undefined

/** Gives the login that begins its clock; `tells` where its readings are wanted. */
export function startClock(newClock: LoginClock | undefined, isRecording: boolean): void {
  clock = newClock
  loginStartMs = newClock === undefined ? 0 : machineMs()
  readingIndex = 0
  readCount = 0
  elapsedMs = 0
  recordedReadings = isRecording && newClock !== undefined ? [] : undefined
}

/** The login is over: what the clock showed, where that is wanted. */
export function endClock(): ClockReadings | undefined {
  const readings = recordedReadings
  startClock(undefined, false)
  return readings
}

/** The time as the rules of this login see it. */
export function nowMs(): number {
  if (clock === undefined) return machineMs()
  const beforeMs = elapsedMs
  if ('readings' in clock) readNext(clock.readings)
  // A machine whose clock is set back meanwhile must not take a login back.
  else if (clock.moves) elapsedMs = Math.max(elapsedMs, machineMs() - loginStartMs)
  if (recordedReadings !== undefined) recordReading(recordedReadings, elapsedMs - beforeMs)
  return clock.startMs + elapsedMs
}

/** The instant that `process.hrtime` and `process.uptime` count from. */
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

/** Makes a date that is asked for no time in particular show the login's. */
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

/** `Intl` formats the machine's time where it is given none, so it is given the login's. */
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
