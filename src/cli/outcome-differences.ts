import type { Outcome } from '../engine/outcome.ts'
import { changesBetween } from '../profile/changes.ts'

/** What is not the same in two outcomes; a side that has nothing there is undefined. */
export interface Difference {
  /** A JSON Pointer (RFC 6901) over what `comparable` makes of an outcome. */
  readonly path: string
  readonly before: unknown
  readonly after: unknown
}

/** Lists what is not the same in two outcomes of one login; durations do not count. */
export function differences(one: Outcome, other: Outcome): readonly Difference[] {
  const [before, after] = [comparable(one), comparable(other)]
  return changesBetween(before, after).map(({ path }) => ({
    path,
    before: valueAt(before, path),
    after: valueAt(after, path),
  }))
}

/** Claims are part of the context. */
function comparable({
  outcome,
  reason,
  reasonCode,
  error,
  redirect,
  multifactor,
  user,
  context,
  rules,
}: Outcome): object {
  const told = rules.filter(({ logs }) => logs.length > 0)
  const asked = rules.filter(({ requests }) => requests.length > 0)
  return {
    outcome,
    reason,
    reasonCode,
    error: error?.code,
    redirect,
    multifactor,
    user,
    context,
    console: Object.fromEntries(told.map(({ name, logs }) => [name, logs.map(({ message }) => message)])),
    requests: Object.fromEntries(
      asked.map(({ name, requests }) => [name, requests.map(({ method, url, status }) => ({ method, url, status }))]),
    ),
  }
}

function valueAt(tree: unknown, pointer: string): unknown {
  const parts = pointer.split('/').slice(1)
  return parts.reduce<unknown>((value, part) => {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~')
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
  }, tree)
}
