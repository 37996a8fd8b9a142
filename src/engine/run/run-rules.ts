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
    const firstIndex = request.input.resumePoint?.ruleIndex ?? 0
    const ruleIndex = findSkippable(result, program, firstIndex)
    if (ruleIndex === undefined || hasCalledHost) {
      resolve(result)
      return
    }
    const skipped = toSkipped(result, ruleIndex - firstIndex)
    const addSkipped = (rest: RunResult): void =>
      resolve({ ...rest, rules: rest.rules.toSpliced(ruleIndex - firstIndex, 0, skipped) })
    runRules(pool, { ...request, program: removeRule(program, ruleIndex) }, addSkipped, reject)
  }
}

function readFailure({ status, reason, error }: RunResult): string | undefined {
  return status === 'ok' ? undefined : (error?.message ?? reason)
}

const skippableCodes: readonly (string | undefined)[] = ['RULE_CPU', 'RULE_MEMORY', 'RULE_SUSPENDED']

/** Finds the index of the rule that the rest can do without; undefined if there is none. */
function findSkippable(result: RunResult, program: Program, firstIndex: number): number | undefined {
  const { error, rules, hasSideEffects = rules.some(({ requests }) => requests.length > 0) } = result
  if (hasSideEffects || !skippableCodes.includes(error?.code)) return undefined
  // A worker that was killed reports nothing but the rule.
  const index = rules.length > 0 ? firstIndex + rules.length - 1 : findNamed(program, firstIndex, error?.rule)
  return program.rules[index]?.onError === 'skip' ? index : undefined
}

function findNamed(program: Program, firstIndex: number, name: string | undefined): number {
  return program.rules.findIndex((rule, index) => index >= firstIndex && rule.name === name)
}

function removeRule(program: Program, index: number): Program {
  return { ...program, hash: `${program.hash}-${index}`, rules: program.rules.toSpliced(index, 1) }
}

function toSkipped({ error, rules }: RunResult, index: number): RuleRecord {
  const { code = 'RULE_THREW', message = '' } = error ?? {}
  const record = rules[index] ?? { report: { status: 'error', changes: [], error: { code, message } }, ...emptyRecord }
  return { ...record, report: { ...record.report, status: 'skipped' } }
}

const emptyRecord = { durationMs: 0, cpuMs: 0, logs: [], requests: [] } as const
