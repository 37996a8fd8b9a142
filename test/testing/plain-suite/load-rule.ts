import { fileURLToPath } from 'node:url'
import { type CallableRule, loadRule as load } from '../../../src/testing/index.ts'

interface Scope {
  readonly configuration?: Readonly<Record<string, unknown>>
  readonly auth0?: object
  readonly [name: string]: unknown
}

/** What suites for plain functions have: a rule by its name, values for its scope, and stubs for its modules. */
export function loadRule(name: string, scope: Scope = {}, stubs: Readonly<Record<string, unknown>> = {}): CallableRule {
  const { configuration = {}, auth0, ...globals } = scope
  return load(fileURLToPath(new URL(`rules/${name}.js`, import.meta.url)), {
    configuration,
    ...(auth0 === undefined ? {} : { auth0 }),
    globals,
    modules: stubs,
    fetch: 'node:http',
    clock: Date.now,
  })
}
