import type { Pool } from '../../sandbox/host/pool.ts'
import type { RunRequest } from '../../sandbox/host/queued-run.ts'
import type { Program, RunResult } from '../../sandbox/wire/protocol.ts'
import type { RuleRecord } from '../../sandbox/wire/records.ts'

/**
 * Runs the rules of one login. If a rule with `onError: 'skip'` breaks its isolate (by CPU or memory), that isolate cannot
 * skip the rule. The login then runs again without the rule, unless it has had an effect outside the sandbox.
 */
export function runRules(
  pool: Pool,
  request: RunRequest,
  resolve: (result: RunResult) => void,
  reject: (error: unknown) => void,
): void {
  let hasCalledHost = false
  pool.begin({ ...request, answer }, complete, reject)

  function answer(name: string, body: string): PromiseLike<string> {
    hasCalledHost = true
    return request.answer(name, body)
  }

  function complete(result: RunResult): void {
    const lastIndex = result.rules.length - 1
    const record = result.rules[lastIndex]
    const ruleIndex = (request.input.resumePoint?.ruleIndex ?? 0) + lastIndex
    if (record === undefined || hasCalledHost || !canSkip(result, request.program, ruleIndex)) {
      resolve(result)
      return
    }
    const addSkipped = (rest: RunResult): void =>
      resolve({ ...rest, rules: rest.rules.toSpliced(lastIndex, 0, toSkipped(record)) })
    runRules(pool, { ...request, program: removeRule(request.program, ruleIndex) }, addSkipped, reject)
  }
}

function canSkip({ error, rules }: RunResult, program: Program, ruleIndex: number): boolean {
  const hasCrashedIsolate = error?.code === 'RULE_CPU' || error?.code === 'RULE_MEMORY'
  const isSkippable = program.rules[ruleIndex]?.onError === 'skip'
  return hasCrashedIsolate && isSkippable && rules.every(({ requests }) => requests.length === 0)
}

function removeRule(program: Program, index: number): Program {
  return { ...program, hash: `${program.hash}-${index}`, rules: program.rules.toSpliced(index, 1) }
}

function toSkipped(record: RuleRecord): RuleRecord {
  return { ...record, report: { ...record.report, status: 'skipped' } }
}
