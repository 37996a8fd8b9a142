/** The first and the last moment that a date means: of a year, a month, a day, or a time as precise as it is written. */
export interface Period {
  readonly first: string
  readonly last: string
}

const datePattern =
  /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d)(?::(\d\d)(?::(\d\d)(?:\.(\d{1,3})\d*)?)?)?(Z|[+-]\d\d:?\d\d)?)?)?)?$/i

/** Parses an ISO 8601 date, in UTC unless it has an offset. Undefined if it is not one. The ends are in the store's format. */
export function parsePeriod(text: string): Period | undefined {
  const match = datePattern.exec(text)
  if (match === null) return undefined
  const fields = match.slice(1, 8)
  const precision = fields.filter((field) => field !== undefined).length
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = fields.map((field) =>
    field === undefined ? undefined : Number(field),
  )
  const millisecond = Number((match[7] ?? '').padEnd(3, '0'))
  const start = [year, month - 1, day, hour, minute, second, millisecond]
  const first = toDate(start)
  // `Date` would read 2026-02-30 as a day in March.
  if (first.getUTCMonth() !== month - 1 || first.getUTCDate() !== day) return undefined
  if (hour > 23 || minute > 59 || second > 59) return undefined
  const next = toDate(start.map((field, index) => (index === precision - 1 ? field + 1 : field)))
  const offset = parseOffsetMs(match[8])
  return { first: formatTime(first.getTime() - offset), last: formatTime(next.getTime() - offset - 1) }
}

/** Not `Date.UTC`, which reads the years before 100 as 1900 and later. */
function toDate([year = 0, month = 0, ...rest]: readonly number[]): Date {
  const date = new Date(0)
  date.setUTCFullYear(year, month, rest[0])
  date.setUTCHours(rest[1] ?? 0, rest[2], rest[3], rest[4])
  return date
}

function parseOffsetMs(zone: string | undefined): number {
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)$/.exec(zone ?? '') ?? []
  return (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000
}

/** Clamped to four-digit years: a year of five digits would sort before them. */
function formatTime(timeMs: number): string {
  const earliest = -62_167_219_200_000
  const latest = 253_402_300_799_999
  return new Date(Math.min(Math.max(timeMs, earliest), latest)).toISOString()
}
