import { appendPointer } from '../../profile/schema/append-pointer.ts'
import type { Outcome } from '../../engine/outcome/outcome.ts'
import { stripNumbers } from '../redaction/placeholder-values.ts'

/** One difference between two runs. */
export interface Difference {
  /** A JSON Pointer into the outcome; below `/rules`, rules are keyed by name. */
  readonly path: string
  readonly kind: 'added' | 'removed' | 'changed'
  readonly before?: unknown
  readonly after?: unknown
}

/**
 * Compares two outcomes of the same login: its end, user, context and claims, and each rule's logs, requests and error.
 *
 * - Durations, states and the folders of files are ignored.
 * - Changes of rules are compared only if there is no other difference: they would repeat it.
 */
export function diffOutcomes(before: Outcome, after: Outcome): Difference[] {
  const [one, other] = [normalizeOutcome(before), normalizeOutcome(after)]
  const diffs = diffValues(pickVisible(one), pickVisible(other), '')
  return diffs.length > 0 ? diffs : diffValues(pickChanges(one), pickChanges(other), '/rules')
}

/** Converts an outcome to JSON without the values that differ in every run: durations, and the state of a suspended login. */
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

/** Removes folders from positions in files: rules may be replayed from another folder. */
function stripFolders<Value>(value: Value): Value {
  const text = JSON.stringify(value).replaceAll(/ at (?:[^\s"]*[/\\])?([^\s"/\\]+:\d+:\d+)/g, ' at $1')
  return JSON.parse(text) as Value
}

type Members = Readonly<Record<string, unknown>>

function pickVisible({ rules, context, ...rest }: Outcome): Members {
  const { idToken: _, accessToken, ...restOfContext } = context
  // The scope is not a claim, but rules may change it.
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

/** Keys values by the name of their rule. A rule and an action may have the same name, which is numbered then. */
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
    const pointer = appendPointer(path, name)
    if (!Object.hasOwn(others, name)) return [{ path: pointer, kind: 'removed', before: ones[name] } as const]
    if (!Object.hasOwn(ones, name)) return [{ path: pointer, kind: 'added', after: others[name] } as const]
    return diffValues(ones[name], others[name], pointer)
  })
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
