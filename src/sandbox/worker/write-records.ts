import type { RuleRecord } from '../protocol.ts'

/** Writes what the rules did; each report is JSON already, as the guest wrote it. */
export function writeRecords(records: readonly RuleRecord<string>[]): string {
  const texts = records.map(({ report: reportText, ...rest }) => {
    const measured = JSON.stringify(rest)
    return `{"report":${reportText},${measured.slice(1)}`
  })
  return `[${texts.join(',')}]`
}
