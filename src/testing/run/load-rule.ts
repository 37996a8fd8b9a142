import { statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Outcome } from '../../engine/outcome/outcome.ts'
import type { TestProgram } from '../../engine/run/test-engine.ts'
import { type RuleOptions, assertTestOptions, resolveConfiguration } from './options.ts'
import { type TestResult, beginLogin } from './begin-login.ts'
import { getTestEngine } from './get-test-engine.ts'

/** How a rule ended, the old way. `user` and `context` are the caller's own, with what the rule changed. */
// oxlint-disable-next-line typescript/no-explicit-any -- tests of JavaScript rules say what they like of user and context
export type TestCallback = (error: any, user: any, context: any) => void

/** A rule, or a whole folder of them, as a test calls it. What it changes is written into the given objects. */
export interface CallableRule {
  /** Resolves to the outcome whatever the rule does. */
  (user?: object | null, context?: object | null): Promise<Outcome>
  /**
   * Calls back when the rule has ended: with an `Error` where it refused the login, or failed; with a text where that is
   * what the rule called back with; otherwise with null.
   */
  (user: object | null | undefined, context: object | null | undefined, callback: TestCallback): void
}

/**
 * Makes a rule or an action ready to be tested in the real sandbox: a file, or the text of one.
 *
 * @throws {ClaimsmithError} INVALID_ARGUMENT, INVALID_RULESET where the file is not there, RULE_SYNTAX with file, line and column
 */
export function loadRule(fileOrSource: string | URL, options: RuleOptions = {}): CallableRule {
  assertTestOptions(options, 'loadRule')
  const source = fileOrSource instanceof URL ? fileURLToPath(fileOrSource) : fileOrSource
  const rules = isSource(source) ? [{ name: 'rule', script: source }] : source
  return createCallableRule(getTestProgram(rules, options), options, 'loadRule')
}

/**
 * Makes a folder of rules ready to be tested as one pipeline, in the layouts that `createEngine` reads.
 *
 * @throws {ClaimsmithError} as `loadRule`
 */
export function loadPipeline(folder: string | URL, options: RuleOptions = {}): CallableRule {
  assertTestOptions(options, 'loadPipeline')
  const path = typeof folder === 'string' ? folder : fileURLToPath(folder)
  return createCallableRule(prepareTestProgram(path, options), options, 'loadPipeline')
}

function createCallableRule(testProgram: TestProgram, options: RuleOptions, caller: string): CallableRule {
  const configuration = { ...testProgram.configuration, ...resolveConfiguration(options.configuration, caller) }
  function rule(user: object | null | undefined, context: object | null | undefined, callback?: TestCallback): unknown {
    const origin = callback ?? user ?? context ?? options
    const login = { testProgram, user: user ?? {}, context: context ?? {}, configuration, options, origin }
    if (callback !== undefined) {
      const guard = createCallbackGuard((error: TestResult['error']) => callback(error, login.user, login.context))
      beginLogin(login, ({ error }) => guard.run(error), throwLater)
      guard.markBegun()
      return undefined
    }
    return new Promise<Outcome>((resolve, reject) => {
      beginLogin(login, ({ outcome }) => resolve(outcome), reject)
    })
  }
  return rule as CallableRule
}

/**
 * Calls a test's callback, which may throw: an assertion, mostly. What it throws while the rule is being called comes out of
 * that call, as it does where a rule is a plain function; later there is nobody to catch it, and test runners see to that.
 */
function createCallbackGuard(callback: (error: TestResult['error']) => void): {
  run(error: TestResult['error']): void
  markBegun(): void
} {
  let hasBegun = false
  let pendingError: { readonly error: unknown } | undefined
  return {
    run(error) {
      try {
        callback(error)
      } catch (caught) {
        if (hasBegun) throwLater(caught)
        else pendingError = { error: caught }
      }
    },
    markBegun() {
      hasBegun = true
      if (pendingError !== undefined) throw pendingError.error
    },
  }
}

function throwLater(error: unknown): void {
  process.nextTick(() => {
    throw error
  })
}

/** What begins like a function, an action or a comment is no path. */
function isSource(text: string): boolean {
  return /[\n;{]|=>|^\s*(?:async\s+)?function\b/.test(text)
}

/** A suite loads the same few rules for each of its tests. */
const testPrograms = new Map<string, TestProgram>()

function getTestProgram(rules: string | { name: string; script: string }[], options: RuleOptions): TestProgram {
  if (typeof rules === 'string' && statSync(rules, { throwIfNoEntry: false }) === undefined)
    return prepareTestProgram(rules, options)
  const content = typeof rules === 'string' ? [rules, statSync(rules).mtimeMs, statSync(rules).size] : rules[0]!.script
  const { globals = {}, auth0, modules = {}, secrets, modulesFolder } = options
  const key = JSON.stringify([
    content,
    Object.keys(globals),
    auth0 === undefined,
    Object.keys(modules),
    secrets,
    modulesFolder,
  ])
  const cached = testPrograms.get(key)
  if (cached !== undefined) return getTestEngine().resetGlobal(cached)
  const testProgram = prepareTestProgram(rules, options)
  testPrograms.set(key, testProgram)
  return testProgram
}

function prepareTestProgram(rules: string | { name: string; script: string }[], options: RuleOptions): TestProgram {
  const { globals = {}, modules = {}, secrets, modulesFolder = process.cwd() } = options
  return getTestEngine().prepare(rules, {
    modulesFolder,
    names: Object.keys(globals),
    modules: Object.keys(modules),
    ...(secrets === undefined ? {} : { secrets }),
  })
}
