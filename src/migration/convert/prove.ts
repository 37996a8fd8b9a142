import type { ConfiguredValue } from '../../profile/rule/configured-value.ts'
import { isDeepStrictEqual } from 'node:util'
import { createEngine } from '../../engine/engine.ts'
import type { LoginInput } from '../../engine/ports/login-input.ts'
import type { Outcome } from '../../engine/outcome/outcome.ts'
import { prepareResume } from '../../engine/run/suspend.ts'
import type { SuspendedLogin } from '../../engine/ports/suspended-login-store.ts'
import { mergeMetadata } from '../../profile/metadata/merge-metadata.ts'
import type { User } from '../../profile/user/user.ts'
import { type LoadedRule, loadRuleFile } from '../../rules/ruleset/ruleset.ts'
import { findConfigurationKeys } from '../../rules/analysis/configuration-keys.ts'
import { type ParsedScript, parseScript } from '../../rules/source/parsed-script.ts'
import { type ReturnQuery, buildReturnQueries } from './return-queries.ts'

/** The comparison of a rule and its action over the same logins. */
export interface Proof {
  readonly logins: number
  /** How many returns from redirects were run. */
  readonly returns: number
  /** Logins and returns in which both failed. They prove nothing. */
  readonly failures: number
  /** Logins with a different outcome or different claims; with `returnQuery`, the return of the user with that query. */
  readonly differences: ReadonlyArray<{
    readonly login: number
    readonly returnQuery?: ReturnQuery
    readonly rule: ProofOutcome
    readonly action: ProofOutcome
  }>
}

/** With the error message, which is not compared. */
type ProofOutcome = VisibleOutcome & { readonly error?: string }

/** The result of a rule or an action for one login or return. */
interface ProofRun {
  readonly login: number
  readonly returnQuery?: ReturnQuery
  readonly result: ProofOutcome
}

/** The observable result of a login. */
interface VisibleOutcome {
  readonly outcome: string
  readonly reason?: string
  readonly redirect?: string
  readonly multifactor?: object
  /** The claims of the ID token and the changed attributes of the user. /userinfo returns both. */
  readonly profile: Readonly<Record<string, unknown>>
  readonly accessToken: Readonly<Record<string, unknown>>
  /** The SAML settings, with attributes resolved instead of mappings. */
  readonly saml?: object
  /** The saved metadata by key. */
  readonly saved?: Readonly<Record<string, unknown>>
  /** Outbound requests: `METHOD URL`. */
  readonly requests: readonly string[]
}

export interface ProofOptions {
  readonly logins: readonly LoginInput[]
  readonly configuration: Readonly<Record<string, ConfiguredValue>>
  /** The rule's file name. If it ends with `.ts`, the rule has types. */
  readonly filename?: string
  /** A folder with the `node_modules` of both. */
  readonly modulesFolder?: string
}

/**
 * Runs a rule, and then its action, over the same logins, and compares the results. Redirected users return.
 *
 * There are no side effects:
 * - Metadata updates succeed and are not stored.
 * - Every request is answered with an empty JSON object.
 * - Missing `configuration` values are sample values.
 * - The time is frozen, and both get the same random numbers.
 *
 * @throws {ClaimsmithError} RULE_SYNTAX if one of them is neither a rule nor an action
 */
export async function prove(rule: string, action: string, options: ProofOptions): Promise<Proof> {
  const { logins, filename = `${scriptName}.js`, modulesFolder } = options
  const { parsedScript, kind } = parseRule(rule, filename)
  const configuration = { ...buildSampleConfiguration(parsedScript, kind), ...options.configuration }
  const returnQueries = buildReturnQueries(parsedScript)
  const requests: string[] = []
  let suspended: SuspendedLogin | undefined
  const engine = createEngine({
    rules: [{ name: scriptName, script: rule, filename }],
    configuration,
    // An action reads from `event.secrets` what the rule read from `configuration`.
    secrets: configuration,
    snapshots: false,
    users,
    suspendedLogins: {
      async save(login) {
        suspended = login
      },
      take: async () => undefined,
    },
    // Otherwise a rule with its real configuration would send real mails.
    network: {
      fetch({ method, url }) {
        requests.push(`${method} ${url}`)
        return Response.json({})
      },
    },
    limits: { workers: 1 },
    ...(modulesFolder === undefined ? {} : { modulesFolder }),
  })
  const nowMs = Date.now()
  const runOptions = { seed: 'the same for both', time: { startMs: nowMs, moves: false } }
  const toProofOutcome = (outcome: Outcome, login: LoginInput): ProofOutcome => {
    const error = outcome.outcome === 'error' ? { error: outcome.reason } : {}
    // As JSON, because tokens and profiles are JSON.
    return JSON.parse(
      JSON.stringify({ ...toVisibleOutcome(outcome, login), requests: requests.splice(0), ...error }),
    ) as ProofOutcome
  }
  const runOne = async (input: LoginInput, login: number): Promise<readonly ProofRun[]> => {
    suspended = undefined
    const outcome = await engine.run(input, runOptions)
    const all: ProofRun[] = [{ login, result: toProofOutcome(outcome, input) }]
    const suspendedRun = outcome.outcome === 'redirect' ? (suspended as SuspendedLogin | undefined) : undefined
    if (suspendedRun === undefined) return all
    for (const returnQuery of returnQueries) {
      const query = { state: 'the-state', ...returnQuery }
      const request = { ...input.context?.request, query, body: query }
      const resumed = prepareResume(suspendedRun, actionProgram, {
        request,
        user: applyUpdates(input.user, outcome),
        nowMs,
      })
      all.push({
        login,
        returnQuery,
        result: toProofOutcome(
          await engine.run(resumed.login, { ...runOptions, resumePoint: resumed.resumePoint }),
          input,
        ),
      })
    }
    return all
  }
  const runAll = async (): Promise<ReadonlyArray<readonly ProofRun[]>> => {
    const all: Array<readonly ProofRun[]> = []
    for (const [index, login] of logins.entries()) all.push(await runOne(login, index))
    return all
  }
  try {
    const before = await runAll()
    await engine.replace([{ name: scriptName, script: action }])
    const after = await runAll()
    return compareRuns(before, after)
  } finally {
    await engine.close()
  }
}

function compareRuns(before: ReadonlyArray<readonly ProofRun[]>, after: ReadonlyArray<readonly ProofRun[]>): Proof {
  const pairs = before.flatMap((all, login) => {
    const others = after[login] ?? []
    const matches = all.flatMap((one, index) => {
      const other = others[index]
      return other === undefined
        ? []
        : [{ ...one, other: other.result, isEqual: isSameOutcome(one.result, other.result) }]
    })
    // Returns are comparable only if both redirected to the same URL.
    return matches[0]?.isEqual === true ? matches : matches.slice(0, 1)
  })
  return {
    logins: before.length,
    returns: pairs.length - before.length,
    failures: pairs.filter(({ result, other }) => result.outcome === 'error' && other.outcome === 'error').length,
    differences: pairs.flatMap(({ login, returnQuery, result, other, isEqual }) =>
      isEqual ? [] : [{ login, ...(returnQuery === undefined ? {} : { returnQuery }), rule: result, action: other }],
    ),
  }
}

function isSameOutcome(one: ProofOutcome, other: ProofOutcome): boolean {
  return isDeepStrictEqual({ ...one, error: undefined }, { ...other, error: undefined })
}

const scriptName = 'converted'
const actionProgram = { rules: [{ kind: 'action', name: scriptName }] } as const

const users = {
  updateUserMetadata: async (user_id: string, metadata: object) => ({ user_id, user_metadata: { ...metadata } }),
  updateAppMetadata: async (user_id: string, metadata: object) => ({ user_id, app_metadata: { ...metadata } }),
}

/** Applies an outcome's metadata updates to the user, as a store would. */
function applyUpdates(user: User, { updates = [] }: Outcome): User {
  return updates.reduce((now, { of, data }) => ({ ...now, [of]: mergeMetadata(now[of], data) }), user)
}

function parseRule(
  script: string,
  file: string,
): { readonly parsedScript: ParsedScript; readonly kind: LoadedRule['kind'] } {
  const { expression, kind } = loadRuleFile({ name: scriptName, file, script }, { onError: 'deny', secrets: {} })
  return { parsedScript: parseScript(expression), kind }
}

/** Builds sample values that are valid as a secret and as a URL. */
function buildSampleConfiguration(parsedScript: ParsedScript, kind: LoadedRule['kind']): Record<string, string> {
  const keys = findConfigurationKeys(parsedScript, kind)
  return Object.fromEntries(keys.map(({ key }) => [key, `https://configured.example/${key}`]))
}

function toVisibleOutcome(outcome: Outcome, login: LoginInput): Omit<VisibleOutcome, 'requests'> {
  const { reason, redirect, multifactor, user, claims, context, updates = [] } = outcome
  const profile = { ...user, ...claims.idToken }
  const changedAttributes = Object.entries(profile).filter(
    ([name, value]) => !name.endsWith('_metadata') && !isDeepStrictEqual(value, login.user[name]),
  )
  const { scope: _scope, ...accessToken } = claims.accessToken
  const saml = toSamlResult(context.samlConfiguration, user)
  const saved = Object.fromEntries(
    updates.flatMap(({ of, data }) => Object.entries(data).map(([key, value]) => [`${of}.${key}`, value])),
  )
  return {
    outcome: outcome.outcome,
    ...(outcome.outcome === 'deny' && reason !== undefined ? { reason } : {}),
    ...(redirect === undefined ? {} : { redirect: redirect.url }),
    // A rule's default is true.
    ...(multifactor === undefined ? {} : { multifactor: { allowRememberBrowser: true, ...multifactor } }),
    profile: Object.fromEntries(changedAttributes),
    accessToken,
    ...(Object.keys(saml).length === 0 ? {} : { saml }),
    ...(Object.keys(saved).length === 0 ? {} : { saved }),
  }
}

/** A rule maps a SAML attribute to a path in the profile; an action sets its value. */
function toSamlResult(configuration: Record<string, unknown> = {}, user: Readonly<Record<string, unknown>>): object {
  const { mappings = {}, attributes = {}, ...rest } = configuration
  const getValue = (path: string): unknown =>
    path.split('.').reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], user)
  const mappedAttributes = Object.entries(mappings as object).map(
    ([name, path]) => [name, getValue(String(path))] as const,
  )
  const all = [...mappedAttributes, ...Object.entries(attributes as object)].filter(([, value]) => value != null)
  return { ...rest, ...(all.length === 0 ? {} : { attributes: Object.fromEntries(all) }) }
}
