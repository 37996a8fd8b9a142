import { reservedClaims } from '../../profile/context/reserved-claims.ts'
import type { Change } from '../../profile/schema/changes.ts'
import type { RuleRecord } from '../../sandbox/wire/records.ts'
import type { LogLine, RuleTrace } from './outcome.ts'

/** Builds the trace: one entry for each rule that began. `names` are the rules' names, in order. */
export function buildTrace(records: readonly RuleRecord[], names: readonly string[]): RuleTrace[] {
  return records.map((record, index) => {
    const { status, changes, error } = record.report
    const name = names[index] ?? ''
    const { durationMs, cpuMs, requests } = record
    const logs = [...(record.logs as LogLine[]), ...warnReservedClaims(changes)]
    const entry = { name, status, durationMs, cpuMs, changes, logs, requests }
    return error === undefined ? entry : { ...entry, error: { ...error, rule: name } }
  })
}

const claimPath = /^\/context\/(idToken|accessToken)\/([^/]+)$/

/** Lists a warning for each reserved claim that was dropped. */
function warnReservedClaims(changes: readonly Change[]): LogLine[] {
  const warnings: LogLine[] = []
  for (const { op, path } of changes) {
    const [, token, claim] = claimPath.exec(path) ?? []
    if (op === 'remove' || token === undefined || claim === undefined) continue
    // `context.accessToken.scope` is how a rule changes the scopes that are granted.
    if (token === 'accessToken' && claim === 'scope') continue
    if (!(reservedClaims as readonly string[]).includes(claim)) continue
    warnings.push({ level: 'warn', message: `the claim ${claim} of context.${token} is reserved, so it was dropped` })
  }
  return warnings
}
