import type { ClockReadings, LoginClock } from '../../wire/conditions.ts'
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
const madeMs = machineMs()

/** The clock of the login at hand; the machine's where it has none of its own. */
let clock: LoginClock | undefined
/** What the machine's clock showed when the login began. */
let begunMs = 0
/** Where a clock of readings stands: in which of them, and how often that has been read. */
let at = 0
let timesRead = 0
/** What the last reading showed, as milliseconds after `clock.startMs`. */
let shownMs = 0
let told: [sinceMs: number, times: number][] | undefined

/** Gives the login that begins its clock; `tells` where its readings are wanted. */
export function startClock(newClock: LoginClock | undefined, tells: boolean): void {
  clock = newClock
  begunMs = newClock === undefined ? 0 : machineMs()
  at = 0
  timesRead = 0
  shownMs = 0
  told = tells && newClock !== undefined ? [] : undefined
}

/** The login is over: what the clock showed, where that is wanted. */
export function endClock(): ClockReadings | undefined {
  const readings = told
  startClock(undefined, false)
  return readings
}

/** The time as the rules of this login see it. */
export function nowMs(): number {
  if (clock === undefined) return machineMs()
  const beforeMs = shownMs
  if ('readings' in clock) readNext(clock.readings)
  // A machine whose clock is set back meanwhile must not take a login back.
  else if (clock.moves) shownMs = Math.max(shownMs, machineMs() - begunMs)
  if (told !== undefined) tell(told, shownMs - beforeMs)
  return clock.startMs + shownMs
}

/** The instant that `process.hrtime` and `process.uptime` count from. */
export function originMs(): number {
  return clock === undefined ? madeMs : clock.startMs
}

function readNext(readings: ClockReadings): void {
  if (timesRead === 0 && at < readings.length) shownMs += readings[at]![0]
  timesRead++
  if (at >= readings.length || timesRead < readings[at]![1]) return
  at++
  timesRead = 0
}

function tell(readings: [sinceMs: number, times: number][], sinceMs: number): void {
  const last = readings[readings.length - 1]
  if (sinceMs === 0 && last !== undefined) last[1]++
  else push(readings, [sinceMs, 1])
}

/** Makes a date that is asked for no time in particular show the login's. */
export function createDate(Native: DateConstructor): DateConstructor {
  function RuleDate(...given: unknown[]): unknown {
    if (new.target === undefined) return dateText(new NativeDate(nowMs()))
    return construct(Native, clock === undefined || given.length > 0 ? given : [nowMs()], new.target) as unknown
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
export function closeDateFormat(): void {
  const { prototype } = Intl.DateTimeFormat
  const getter = getOwnPropertyDescriptor(prototype, 'format')!
  const format = getter.get as (this: unknown) => (date: unknown) => string
  const { formatToParts } = prototype
  const dateOf = (date: unknown): unknown => (date === undefined ? nowMs() : date)
  const own = {
    get format(): unknown {
      const native = apply(format, this, [])
      return clock === undefined ? native : (date: unknown) => native(dateOf(date))
    },
    formatToParts(date: unknown): unknown {
      return apply(formatToParts, this, [dateOf(date) as Date]) as unknown
    },
  }
  defineProperty(prototype, 'format', { ...getter, get: getOwnPropertyDescriptor(own, 'format')!.get! })
  defineProperty(prototype, 'formatToParts', { value: own.formatToParts, writable: true, configurable: true })
}
