import type { Outcome } from '../../engine/outcome/outcome.ts'
import { stripNumbers } from '../redaction/placeholder-values.ts'

/** One thing in which two runs differ. */
export interface Difference {
  /** A JSON Pointer into the outcome; below `/rules` a rule goes by its name. */
  readonly path: string
  readonly kind: 'added' | 'removed' | 'changed'
  readonly before?: unknown
  readonly after?: unknown
}

/**
 * In what two outcomes of the same login differ: how it ended, the user, the context, the claims, and what each rule logged,
 * asked and failed with. Durations, states and the folders of files do not count. Changes of rules are listed only where the
 * outcomes differ in nothing else, since they say the same again.
 */
export function diffOutcomes(before: Outcome, after: Outcome): Difference[] {
  const [one, other] = [normalizeOutcome(before), normalizeOutcome(after)]
  const diffs = diffValues(pickVisible(one), pickVisible(other), '')
  return diffs.length > 0 ? diffs : diffValues(pickChanges(one), pickChanges(other), '/rules')
}

/** An outcome as JSON, without what no two runs have in common: durations, and the name of a suspended login. */
export function normalizeOutcome(outcome: Outcome): Outcome {
  const { state: _, ...rest } = JSON.parse(stripNumbers(JSON.stringify(outcome))) as Outcome
  return stripFolders({
    ...rest,
    rules: rest.rules.map((rule) => ({
      ...rule,
      durationMs: 0,
      cpuMs: 0,
      requests: rule.requests.map((request) => ({ ...request, durationMs: 0 })),
    })),
  })
}

/** The same rule in another folder is the same rule: of a place in a file, the folder is left out. */
function stripFolders<Value>(value: Value): Value {
  const text = JSON.stringify(value).replaceAll(/ at (?:[^\s"]*[/\\])?([^\s"/\\]+:\d+:\d+)/g, ' at $1')
  return JSON.parse(text) as Value
}

type Members = Readonly<Record<string, unknown>>

function pickVisible({ rules, context, ...rest }: Outcome): Members {
  const { idToken: _, accessToken, ...restOfContext } = context
  // The scope is no claim of the rules', and they may grant it.
  const scope = (accessToken as { readonly scope?: unknown } | undefined)?.scope
  const grantedScope = scope === undefined ? {} : { accessToken: { scope } }
  const traces = rules.map(({ name: __, durationMs: ___, cpuMs: ____, changes: _____, ...trace }) => trace)
  return {
    ...rest,
    context: { ...restOfContext, ...grantedScope },
    order: rules.map(({ name }) => name),
    rules: indexByName(rules, traces),
  }
}

function pickChanges({ rules }: Outcome): Members {
  return indexByName(
    rules,
    rules.map(({ changes }) => ({ changes })),
  )
}

/** A rule and an action may go by one name. */
function indexByName(rules: Outcome['rules'], values: readonly object[]): Members {
  const members = new Map<string, unknown>()
  for (const [index, { name }] of rules.entries()) {
    members.set(members.has(name) ? `${name} (${index + 1})` : name, values[index])
  }
  return Object.fromEntries(members)
}

function diffValues(before: unknown, after: unknown, path: string): Difference[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return []
  if (!isObject(before) || !isObject(after) || Array.isArray(before) !== Array.isArray(after)) {
    return [{ path, kind: 'changed', before, after }]
  }
  const [ones, others] = [before as Members, after as Members]
  const names = new Set([...Object.keys(ones), ...Object.keys(others)])
  return [...names].flatMap((name) => {
    const pointer = `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
    if (!Object.hasOwn(others, name)) return [{ path: pointer, kind: 'removed', before: ones[name] } as const]
    if (!Object.hasOwn(ones, name)) return [{ path: pointer, kind: 'added', after: others[name] } as const]
    return diffValues(ones[name], others[name], pointer)
  })
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
