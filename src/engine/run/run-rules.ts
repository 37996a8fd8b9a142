import type { Pool } from '../../sandbox/host/pool.ts'
import type { RunRequest } from '../../sandbox/host/queued-run.ts'
import type { Program, RunResult } from '../../sandbox/wire/protocol.ts'
import type { RuleRecord } from '../../sandbox/wire/records.ts'

/**
 * Runs the rules of one login. A rule that says `onError: 'skip'` and takes its isolate down (by CPU or memory) cannot be
 * skipped there, so the login runs again without it, provided that nothing outside has happened yet.
 */
export async function runRules(pool: Pool, request: RunRequest): Promise<RunResult> {
  let hasCalledHost = false
  const answer: RunRequest['answer'] = (name, body) => {
    hasCalledHost = true
    return request.answer(name, body)
  }
  const result = await pool.run({ ...request, answer })
  const lastIndex = result.rules.length - 1
  const record = result.rules[lastIndex]
  const failedIndex = (request.input.resumePoint?.ruleIndex ?? 0) + lastIndex
  if (record === undefined || !hasCrashedIsolate(result) || request.program.rules[failedIndex]?.onError !== 'skip')
    return result
  if (hasCalledHost || result.rules.some(({ requests }) => requests.length > 0)) return result
  const rest = await runRules(pool, { ...request, program: removeRule(request.program, failedIndex) })
  return { ...rest, rules: rest.rules.toSpliced(lastIndex, 0, toSkipped(record)) }
}

function hasCrashedIsolate({ error }: RunResult): boolean {
  return error?.code === 'RULE_CPU' || error?.code === 'RULE_MEMORY'
}

function removeRule(program: Program, index: number): Program {
  return { ...program, hash: `${program.hash}-${index}`, rules: program.rules.toSpliced(index, 1) }
}

function toSkipped(record: RuleRecord): RuleRecord {
  return { ...record, report: { ...record.report, status: 'skipped' } }
}
