import type { Pool, PoolJob } from '../../sandbox/host/pool.ts'
import type { Program, RunResult } from '../../sandbox/wire/protocol.ts'
import type { RuleRecord } from '../../sandbox/wire/records.ts'

/**
 * Runs the rules of one login. A rule that says `onError: 'skip'` and takes its isolate down (by CPU or memory) cannot be
 * skipped there, so the login runs again without it, provided that nothing outside has happened yet.
 */
export async function runRules(pool: Pool, job: PoolJob): Promise<RunResult> {
  let calledOut = false
  const answer: PoolJob['answer'] = (name, body) => {
    calledOut = true
    return job.answer(name, body)
  }
  const result = await pool.run({ ...job, answer })
  const last = result.rules.length - 1
  const record = result.rules[last]
  const failed = (job.flow?.first ?? 0) + last
  if (record === undefined || !tookIsolateDown(result) || job.program.rules[failed]?.onError !== 'skip') return result
  if (calledOut || result.rules.some(({ requests }) => requests.length > 0)) return result
  const rest = await runRules(pool, { ...job, program: without(job.program, failed) })
  return { ...rest, rules: rest.rules.toSpliced(last, 0, asSkipped(record)) }
}

function tookIsolateDown({ error }: RunResult): boolean {
  return error?.code === 'RULE_CPU' || error?.code === 'RULE_MEMORY'
}

function without(program: Program, index: number): Program {
  return { ...program, hash: `${program.hash}-${index}`, rules: program.rules.toSpliced(index, 1) }
}

function asSkipped(record: RuleRecord): RuleRecord {
  return { ...record, report: { ...record.report, status: 'skipped' } }
}
