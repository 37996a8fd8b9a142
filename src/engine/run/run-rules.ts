import { failSharedWrite, requireFreshRealm, selectProgram, toFreshProgram } from './fresh-program.ts'
import type { Pool } from '../../sandbox/host/pool.ts'
import type { RunRequest } from '../../sandbox/host/queued-run.ts'
import type { Program, RunResult } from '../../sandbox/wire/protocol.ts'
import type { RuleRecord } from '../../sandbox/wire/records.ts'

/**
 * Runs the rules of one login. A login runs again, unless it has had an effect outside the sandbox:
 *
 * - in a fresh realm, if a rule wrote to what the logins of a hardened realm share. All later logins of the program run in
 *   fresh realms, if that helped
 * - without a rule with `onError: 'skip'` that broke its isolate (by CPU or memory), since that isolate cannot skip the rule
 */
export function runRules(
  pool: Pool,
  request: RunRequest,
  resolve: (result: RunResult) => void,
  reject: (error: unknown) => void,
): void {
  const program = selectProgram(request.program)
  let hasCalledHost = false
  pool.begin({ ...request, program, answer }, complete, reject)

  function answer(name: string, body: string): PromiseLike<string> {
    hasCalledHost = true
    return request.answer(name, body)
  }

  function complete(result: RunResult): void {
    if (result.sharedWrite !== undefined) completeSharedWrite(result)
    else completeRules(result)
  }

  function completeSharedWrite(result: RunResult): void {
    if (hasCalledHost || result.hasSideEffects === true) {
      requireFreshRealm(request.program)
      resolve(failSharedWrite(result))
      return
    }
    const adopt = (freshResult: RunResult): void => {
      // A rule that fails by a frozen object of its own fails in every realm.
      if (readFailure(freshResult) === undefined || readFailure(freshResult) !== readFailure(result))
        requireFreshRealm(request.program)
      resolve(freshResult)
    }
    runRules(pool, { ...request, program: toFreshProgram(request.program) }, adopt, reject)
  }

  function completeRules(result: RunResult): void {
    const lastIndex = result.rules.length - 1
    const record = result.rules[lastIndex]
    const ruleIndex = (request.input.resumePoint?.ruleIndex ?? 0) + lastIndex
    if (record === undefined || hasCalledHost || !canSkip(result, request.program, ruleIndex)) {
      resolve(result)
      return
    }
    const addSkipped = (rest: RunResult): void =>
      resolve({ ...rest, rules: rest.rules.toSpliced(lastIndex, 0, toSkipped(record)) })
    runRules(pool, { ...request, program: removeRule(program, ruleIndex) }, addSkipped, reject)
  }
}

function readFailure({ status, reason, error }: RunResult): string | undefined {
  return status === 'ok' ? undefined : (error?.message ?? reason)
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
