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

/** How a rule and the action made of it compare on the same logins. */
export interface Proof {
  readonly logins: number
  /** How often a user who had been sent elsewhere came back. */
  readonly returns: number
  /** Logins and returns on which both failed, which proves nothing. */
  readonly failures: number
  /** What ended otherwise, or with other claims: a login, or where `back` says with what the user came, their return. */
  readonly differences: ReadonlyArray<{
    readonly login: number
    readonly returnQuery?: ReturnQuery
    readonly rule: ProofOutcome
    readonly action: ProofOutcome
  }>
}

/** With why it failed, which each says in its own words. */
type ProofOutcome = VisibleOutcome & { readonly error?: string }

/** What a rule, or an action, came to. */
interface ProofRun {
  readonly login: number
  readonly returnQuery?: ReturnQuery
  readonly result: ProofOutcome
}

/** What a login shows to the world. */
interface VisibleOutcome {
  readonly outcome: string
  readonly reason?: string
  readonly redirect?: string
  readonly multifactor?: object
  /** The claims of the ID token, and what was put on the user: both are seen at /userinfo, where they are not what was there before. */
  readonly profile: Readonly<Record<string, unknown>>
  readonly accessToken: Readonly<Record<string, unknown>>
  /** How a SAML response is to be, its attributes in the place of what they are mapped from. */
  readonly saml?: object
  /** The metadata that it had saved, key by key. */
  readonly saved?: Readonly<Record<string, unknown>>
  /** Whom it called: `METHOD URL`. */
  readonly requests: readonly string[]
}

export interface ProofOptions {
  readonly logins: readonly LoginInput[]
  readonly configuration: Readonly<Record<string, string>>
  /** The rule's; where it ends with `.ts`, the rule has types. */
  readonly filename?: string
  /** Where packages are that both require: a folder with a `node_modules`. */
  readonly modulesFolder?: string
}

/**
 * Runs a rule, and then the action made of it, over the same logins; who is sent elsewhere comes back. Nothing happens outside: what they write to metadata
 * is answered, and gone, and so is every request, with an empty JSON object. What the rule reads from `configuration` and
 * finds nothing there is made up. Time stands still, and both draw the same at random.
 *
 * @throws {ClaimsmithError} RULE_SYNTAX where one of them is no rule and no action
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
    // An action finds in `event.secrets` what the rule found in `configuration`.
    secrets: configuration,
    users,
    suspendedLogins: {
      async save(login) {
        suspended = login
      },
      take: async () => undefined,
    },
    // With its real configuration a rule would send real mails.
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
    // As JSON, which is how tokens and profiles are seen.
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
    // Who was not sent to the same place does not come back from there.
    return matches[0]?.isEqual === true ? matches : matches.slice(0, 1)
  })
  return {
    logins: before.length,
    returns: pairs.length - before.length,
    failures: pairs.filter(({ result, other }) => result.outcome === 'error' && other.outcome === 'error').length,
    differences: pairs.flatMap(({ login, returnQuery, result, other, isEqual: isMatching }) =>
      isMatching ? [] : [{ login, ...(returnQuery === undefined ? {} : { returnQuery }), rule: result, action: other }],
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

/** The user as a store has them, once it was told to save something. */
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

/** Values that serve as a secret as well as for an address. */
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
    // What a rule does not say is true.
    ...(multifactor === undefined ? {} : { multifactor: { allowRememberBrowser: true, ...multifactor } }),
    profile: Object.fromEntries(changedAttributes),
    accessToken,
    ...(Object.keys(saml).length === 0 ? {} : { saml }),
    ...(Object.keys(saved).length === 0 ? {} : { saved }),
  }
}

/** A rule says where in the profile an attribute is found, an action what it is. */
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
