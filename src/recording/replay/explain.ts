import { isDeepStrictEqual } from 'node:util'
import { findDecidingRule } from '../../engine/outcome/find-deciding-rule.ts'
import type { Outcome, OutcomeKind } from '../../engine/outcome/outcome.ts'
import type { User } from '../../profile/user/user.ts'
import { applyTraceChanges } from './apply-trace-changes.ts'
import { type Origin, findOrigin } from '../format/origin.ts'
import { findSources } from '../format/sources.ts'

/** The provenance of each attribute of a login's profile, and of each claim of its tokens. */
export interface Explanation {
  readonly outcome: OutcomeKind
  readonly reason?: string
  /** The rule that denied the login, failed, or asked for a redirect or a challenge. */
  readonly rule?: string
  /** Attributes of the enriched profile, and those that rules removed; metadata key by key. */
  readonly profile: readonly Provenance[]
  /** Claims that rules set in the tokens; the profile's own claims come from the raw profile. */
  readonly idToken: readonly Provenance[]
  readonly accessToken: readonly Provenance[]
}

export interface Provenance {
  /** `email`, `app_metadata.roles`; or the name of a claim. */
  readonly name: string
  /** Absent if it does not exist after the rules. */
  readonly value?: unknown
  /** Absent if rules created it. */
  readonly origin?: Origin
  /** Changes by rules, in the order in which they ran. */
  readonly history: readonly Step[]
}

export interface Step {
  readonly rule: string
  readonly did: 'set' | 'changed' | 'removed'
  readonly before?: unknown
  readonly after?: unknown
  /** Paths that the rule may have made the value from: when it began, they held the value, or a text that is part of it. */
  readonly from: readonly string[]
  /** Requests of the rule: the value may be from an answer. */
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
 * Explains an outcome: for each attribute of the profile and each claim, its origin, the rules that set it, and what they
 * may have made it from. `rawUser` is the user before the rules. A login that ended with an error is explained up to it.
 */
export function explain(outcome: Outcome, rawUser: User): Explanation {
  const raw = JSON.parse(JSON.stringify(rawUser)) as User
  const plainOutcome = JSON.parse(JSON.stringify(outcome)) as Outcome
  const stages = buildStages(plainOutcome, raw)
  const last = stages.at(-1)?.after ?? { user: raw, context: {} }
  const { reason } = outcome
  const rule = findDecidingRule(outcome)
  return {
    outcome: outcome.outcome,
    ...(reason === undefined ? {} : { reason }),
    ...(rule === undefined ? {} : { rule }),
    profile: listAttributes(raw, last.user, stages).map((path) => ({
      name: path.join('.'),
      ...lookupValue(last.user, path),
      ...lookupOrigin(raw, path),
      history: buildHistory(['user', ...path], stages),
    })),
    idToken: explainClaims('idToken', plainOutcome, stages),
    accessToken: explainClaims('accessToken', plainOutcome, stages),
  }
}

function buildStages({ rules, context }: Outcome, user: User): Stage[] {
  const { idToken: _, accessToken: __, ...initialContext } = context
  let state: State = { user, context: initialContext }
  return rules.map(({ name, changes, requests }) => {
    const before = state
    state = applyTraceChanges(before, changes) as State
    return { rule: name, requests: requests.map(({ method, url }) => `${method} ${url}`), before, after: state }
  })
}

function explainClaims(token: 'idToken' | 'accessToken', { claims }: Outcome, stages: readonly Stage[]): Provenance[] {
  const names = new Set([
    ...Object.keys(claims[token]),
    ...stages.flatMap(({ after }) => Object.keys(after.context[token] ?? {})),
  ])
  return [...names].flatMap((name) => {
    const history = buildHistory(['context', token, name], stages)
    const value = lookupValue(claims[token], [name])
    // The scope and reserved claims are in the context, but are not claims of the rules.
    if (!('value' in value) && !history.some(({ did }) => did === 'removed')) return []
    const loginOrigin = { origin: { source: 'login', field: `context.${token}.${name}`, ...value } as Origin }
    return [{ name, ...value, ...(history.length === 0 ? loginOrigin : {}), history }]
  })
}

/** Lists the attributes that exist before or after some rule; metadata key by key. */
function listAttributes(raw: User, last: State['user'], stages: readonly Stage[]): string[][] {
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

function buildHistory(path: readonly string[], stages: readonly Stage[]): Step[] {
  return stages.flatMap(({ rule, requests, before, after }): Step[] => {
    const [old, now] = [lookupValue(before, path), lookupValue(after, path)]
    if (isDeepStrictEqual(old, now)) return []
    const did = !('value' in now) ? 'removed' : 'value' in old ? 'changed' : 'set'
    const from = 'value' in now ? findSources(now.value, before, path) : []
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

function lookupOrigin(raw: User, path: readonly string[]): { readonly origin?: Origin } {
  const attribute = lookupValue(raw, path)
  return 'value' in attribute ? { origin: findOrigin(raw, path, attribute.value) } : {}
}

function lookupValue(root: object, path: readonly string[]): { readonly value?: unknown } {
  let value: unknown = root
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return {}
    value = (value as Readonly<Record<string, unknown>>)[name]
  }
  return { value }
}
