import { isDeepStrictEqual } from 'node:util'
import type { Outcome, OutcomeKind } from '../../engine/outcome/outcome.ts'
import type { User } from '../../profile/user/user.ts'
import { withChanges } from './apply-changes.ts'
import { type Origin, originOf } from '../format/origin.ts'
import { sourcesOf } from '../format/sources.ts'

/** Of everything that a login's profile and tokens hold, where it comes from. */
export interface Explanation {
  readonly outcome: OutcomeKind
  readonly reason?: string
  /** Attributes of the enriched profile, those that rules took away too; metadata key by key. */
  readonly profile: readonly Provenance[]
  /** Claims that rules set in the tokens; the profile's own claims come from the raw profile. */
  readonly idToken: readonly Provenance[]
  readonly accessToken: readonly Provenance[]
}

export interface Provenance {
  /** `email`, `app_metadata.roles`; a claim by its own name. */
  readonly name: string
  /** Absent where it is not there after the rules. */
  readonly value?: unknown
  /** Absent where rules made it. */
  readonly origin?: Origin
  /** What rules did to it, in the order in which they ran. */
  readonly history: readonly Step[]
}

export interface Step {
  readonly rule: string
  readonly did: 'set' | 'changed' | 'removed'
  readonly before?: unknown
  readonly after?: unknown
  /** Places of the login that held the value when the rule began, or a text it is made of: what it may have been made from. */
  readonly from: readonly string[]
  /** What the rule asked outside, from where it may have the value. */
  readonly requests: readonly string[]
}

interface State {
  readonly user: Readonly<Record<string, unknown>>
  readonly context: Readonly<Record<string, unknown>>
}

interface Stage {
  readonly rule: string
  readonly requests: readonly string[]
  readonly before: State
  readonly after: State
}

/**
 * Explains an outcome: for each attribute of the profile and each claim, where it came from, which rules set it, and from
 * what. `rawUser` is the user as it was before the rules; a login that ended with an error is explained up to there.
 */
export function explain(outcome: Outcome, rawUser: User): Explanation {
  const raw = JSON.parse(JSON.stringify(rawUser)) as User
  const plain = JSON.parse(JSON.stringify(outcome)) as Outcome
  const stages = stagesOf(plain, raw)
  const last = stages.at(-1)?.after ?? { user: raw, context: {} }
  const { reason } = outcome
  return {
    outcome: outcome.outcome,
    ...(reason === undefined ? {} : { reason }),
    profile: attributesOf(raw, last.user, stages).map((path) => ({
      name: path.join('.'),
      ...valueAt(last.user, path),
      ...originAt(raw, path),
      history: historyOf(['user', ...path], stages),
    })),
    idToken: claimsOf('idToken', plain, stages),
    accessToken: claimsOf('accessToken', plain, stages),
  }
}

function stagesOf({ rules, context }: Outcome, user: User): Stage[] {
  const { idToken: _, accessToken: __, ...known } = context
  let state: State = { user, context: known }
  return rules.map(({ name, changes, requests }) => {
    const before = state
    state = withChanges(before, changes) as State
    return { rule: name, requests: requests.map(({ method, url }) => `${method} ${url}`), before, after: state }
  })
}

function claimsOf(token: 'idToken' | 'accessToken', { claims }: Outcome, stages: readonly Stage[]): Provenance[] {
  const names = new Set([
    ...Object.keys(claims[token]),
    ...stages.flatMap(({ after }) => Object.keys(after.context[token] ?? {})),
  ])
  return [...names].flatMap((name) => {
    const history = historyOf(['context', token, name], stages)
    const value = valueAt(claims[token], [name])
    // The scope, and claims that are reserved, stand in the context and are no claims of the rules.
    if (!('value' in value) && !history.some(({ did }) => did === 'removed')) return []
    const brought = { origin: { source: 'login', field: `context.${token}.${name}`, ...value } as Origin }
    return [{ name, ...value, ...(history.length === 0 ? brought : {}), history }]
  })
}

/** Every attribute that is there before or after some rule; metadata by its keys. */
function attributesOf(raw: User, last: State['user'], stages: readonly Stage[]): string[][] {
  const paths = new Map<string, string[]>()
  for (const user of [raw, ...stages.map(({ after }) => after.user), last]) {
    for (const [name, value] of Object.entries(user)) {
      const isMetadata = name === 'user_metadata' || name === 'app_metadata'
      const keys = isMetadata && typeof value === 'object' && value !== null ? Object.keys(value) : undefined
      for (const path of keys?.map((key) => [name, key]) ?? [[name]]) paths.set(JSON.stringify(path), path)
    }
  }
  return [...paths.values()]
}

function historyOf(path: readonly string[], stages: readonly Stage[]): Step[] {
  return stages.flatMap(({ rule, requests, before, after }): Step[] => {
    const [old, now] = [valueAt(before, path), valueAt(after, path)]
    if (isDeepStrictEqual(old, now)) return []
    const did = !('value' in now) ? 'removed' : 'value' in old ? 'changed' : 'set'
    const from = 'value' in now ? sourcesOf(now.value, before, path) : []
    return [
      {
        rule,
        did,
        ...('value' in old ? { before: old.value } : {}),
        ...('value' in now ? { after: now.value } : {}),
        from,
        requests,
      },
    ]
  })
}

function originAt(raw: User, path: readonly string[]): { readonly origin?: Origin } {
  const found = valueAt(raw, path)
  return 'value' in found ? { origin: originOf(raw, path, found.value) } : {}
}

function valueAt(root: object, path: readonly string[]): { readonly value?: unknown } {
  let value: unknown = root
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return {}
    value = (value as Readonly<Record<string, unknown>>)[name]
  }
  return { value }
}
