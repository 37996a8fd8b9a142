import { statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Outcome } from '../../engine/outcome/outcome.ts'
import type { TestProgram } from '../../engine/run/test-engine.ts'
import { type RuleOptions, assertTestOptions, resolveConfiguration } from './options.ts'
import { type TestResult, beginLogin } from './begin-login.ts'
import { getTestEngine } from './get-test-engine.ts'

/** Receives the end of a rule. `user` and `context` are the caller's objects, with the rule's changes. */
// oxlint-disable-next-line typescript/no-explicit-any -- tests of JavaScript rules say what they like of user and context
export type TestCallback = (error: any, user: any, context: any) => void

/** A rule, or a pipeline of them, as a function for tests. Changes are written into the caller's objects. */
export interface CallableRule {
  /** Resolves to the outcome whatever the rule does. */
  (user?: object | null, context?: object | null): Promise<Outcome>
  /**
   * Calls back when the rule has ended. The error is
   *
   * - an `Error` if the rule denied the login or failed,
   * - a text if the rule called back with one,
   * - null otherwise.
   */
  (user: object | null | undefined, context: object | null | undefined, callback: TestCallback): void
}

/**
 * Loads a rule or an action for a test in the real sandbox, from a file or from its source text.
 *
 * @throws {ClaimsmithError} INVALID_ARGUMENT if an option is wrong; INVALID_RULESET if the file does not exist; RULE_SYNTAX
 * with file, line and column
 */
export function loadRule(fileOrSource: string | URL, options: RuleOptions = {}): CallableRule {
  assertTestOptions(options, 'loadRule')
  const source = fileOrSource instanceof URL ? fileURLToPath(fileOrSource) : fileOrSource
  const rules = isSource(source) ? [{ name: 'rule', script: source }] : source
  return createCallableRule(getTestProgram(rules, options), options, 'loadRule')
}

/**
 * Loads a folder of rules as one pipeline, in the layouts that `createEngine` reads.
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
 * Guards a test's callback, which may throw, mostly an assertion.
 *
 * - If it throws during the call of the rule, the call throws, as with a plain function.
 * - If it throws later, the error is an uncaught exception, which test runners report.
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
      } catch (callbackError) {
        if (hasBegun) throwLater(callbackError)
        else pendingError = { error: callbackError }
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

/** Whether a text is the source of a rule, and not a path. */
function isSource(text: string): boolean {
  return /[\n;{]|=>|^\s*(?:async\s+)?function\b/.test(text)
}

/** A suite loads the same few rules in each test, so programs are cached by content and options. */
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
  const cachedProgram = testPrograms.get(key)
  if (cachedProgram !== undefined) return getTestEngine().resetGlobal(cachedProgram)
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
