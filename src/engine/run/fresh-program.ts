import type { Program, RunResult } from '../../sandbox/wire/protocol.ts'

/** Programs whose logins have written to what a hardened realm shares, each with the program that runs in fresh realms. */
const freshPrograms = new WeakMap<Program, Program>()

/** Gets the program to run: the same with fresh realms, if a login of it has needed one. */
export function selectProgram(program: Program): Program {
  return freshPrograms.get(program) ?? program
}

/** Runs all later logins of a program in fresh realms. */
export function requireFreshRealm(program: Program): void {
  freshPrograms.set(program, toFreshProgram(program))
}

export function toFreshProgram(program: Program): Program {
  return { ...program, hash: `${program.hash}-fresh`, realm: 'fresh' }
}

/**
 * Builds the result of a login that wrote to shared objects and may not run again. A denial stands. An error stands too, and
 * says what may be its cause: the rule may have frozen the object itself.
 */
export function failSharedWrite(result: RunResult): RunResult {
  const { status, error, sharedWrite, rules, readings, shared } = result
  if (status === 'deny') return result
  const { code = 'RULE_THREW', rule, message: failure } = error ?? {}
  const explanation =
    `a rule wrote to ${sharedWrite}, which the logins of its ruleset share, and has called out, so it cannot run again ` +
    "in a realm of its own; later logins get one, and createEngine({ realm: 'fresh' }) gives one to all"
  const message = failure === undefined ? explanation : `${failure} (${explanation})`
  return {
    status: 'error',
    error: { code, message, ...(rule === undefined ? {} : { rule }) },
    login: '',
    rules,
    ...(readings === undefined ? {} : { readings }),
    ...(shared === undefined ? {} : { shared }),
  }
}
