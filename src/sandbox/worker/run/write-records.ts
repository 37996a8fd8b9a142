import type { RuleRecord } from '../../wire/records.ts'

/** Writes what the rules did; each report is JSON already, as the guest wrote it. */
export function writeRecords(records: readonly RuleRecord<string>[]): string {
  let text = ''
  for (const { report, durationMs, cpuMs, logs, requests } of records) {
    text += `${text === '' ? '' : ','}{"report":${report},"us":[${toMicros(durationMs)},${toMicros(cpuMs)}]`
    if (logs.length > 0) text += `,"logs":${JSON.stringify(logs)}`
    if (requests.length > 0) text += `,"requests":${JSON.stringify(requests)}`
    text += '}'
  }
  return `[${text}]`
}

function toMicros(ms: number): number {
  return Math.round(ms * 1_000)
}
