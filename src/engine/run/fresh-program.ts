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

/** Builds the result of a login that wrote to shared objects and may not run again. */
export function failSharedWrite(result: RunResult): RunResult {
  const { error, sharedWrite, rules, readings, shared } = result
  const { code = 'RULE_THREW', rule } = error ?? {}
  const message =
    `a rule wrote to ${sharedWrite}, which the logins of its ruleset share, and has called out, so it cannot run again ` +
    "in a realm of its own; later logins get one, and createEngine({ realm: 'fresh' }) gives one to all"
  return {
    status: 'error',
    error: { code, message, ...(rule === undefined ? {} : { rule }) },
    login: '',
    rules,
    ...(readings === undefined ? {} : { readings }),
    ...(shared === undefined ? {} : { shared }),
  }
}
