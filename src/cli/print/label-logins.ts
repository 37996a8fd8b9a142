import { collectValues } from '../../profile/schema/collect-values.ts'
import { formatPath } from '../../profile/schema/format-path.ts'
import type { LoginInput } from '../../engine/ports/login-input.ts'
import { toPlainText } from './to-plain-text.ts'

const maxWidth = 40

/** The parts of a login's label. */
export interface LoginLabel {
  readonly who: string
  /** The protocol and the client; then values that other logins with the same label do not have. */
  readonly details: string
}

/** Labels logins by user, protocol and client. Logins that share these are told apart by the first values that differ. */
export function labelLogins(logins: readonly LoginInput[]): readonly LoginLabel[] {
  const labels = logins.map(describeLogin)
  return labels.map(({ who, details }, index) => {
    const group = logins.filter((_, other) => labels[other]?.who === who && labels[other].details === details)
    const values = group.map(listValues)
    const own = values[group.indexOf(logins[index] as LoginInput)] ?? new Map<string, string>()
    const marks = pickDistinguishingPaths(values).map((path) => `${formatPath(path)}=${own.get(path) ?? 'none'}`)
    return { who: toPlainText(who), details: toPlainText([details, ...marks].join(' ')) }
  })
}

function describeLogin({ user, context = {} }: LoginInput): LoginLabel {
  const who = user.email ?? user.name ?? user.user_id ?? 'a user without a name'
  return { who, details: `${context.protocol} ${context.clientID}` }
}

/** Picks as few paths as it takes to tell logins apart; none if there is one login. Each path splits what is left. */
function pickDistinguishingPaths(logins: readonly ReadonlyMap<string, string>[]): readonly string[] {
  const paths = [...new Set(logins.flatMap((values) => [...values.keys()]))]
  const countDistinct = (chosen: readonly string[]): number =>
    new Set(logins.map((values) => JSON.stringify(chosen.map((path) => values.get(path) ?? null)))).size
  let picked: readonly string[] = []
  for (const path of paths) {
    if (countDistinct(picked) === logins.length) break
    if (countDistinct([...picked, path]) > countDistinct(picked)) picked = [...picked, path]
  }
  return picked
}

/** Lists the values of a login that are not objects, by JSON Pointer (RFC 6901). Times come last: they differ by chance. */
function listValues({ user, context }: LoginInput): ReadonlyMap<string, string> {
  const all = new Map<string, unknown>()
  collectValues({ user, context }, '', all)
  const values = [...all].flatMap(([path, value]): (readonly [path: string, text: string])[] => {
    if (typeof value === 'object' && value !== null) return []
    const text = String(value)
    return [[path, text.length > maxWidth ? `${text.slice(0, maxWidth - 1)}…` : text]]
  })
  const isTime = ([path]: readonly [string, string]): boolean => path.endsWith('/timestamp')
  return new Map([...values.filter((one) => !isTime(one)), ...values.filter(isTime)])
}
