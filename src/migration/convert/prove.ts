import { isDeepStrictEqual } from 'node:util'
import { createEngine } from '../../engine/engine.ts'
import type { LoginInput } from '../../engine/outcome/outcome-of.ts'
import type { Outcome } from '../../engine/outcome/outcome.ts'
import { resumption } from '../../engine/run/suspend.ts'
import type { SuspendedLogin } from '../../engine/ports/states-port.ts'
import { mergeMetadata } from '../../profile/metadata/metadata.ts'
import type { User } from '../../profile/user/user.ts'
import { type RuleSource, sourceOf } from '../../rules/ruleset/ruleset.ts'
import { configurationKeysOf } from '../../rules/analysis/configuration-keys.ts'
import { type Tree, treeOf } from '../../rules/source/tree.ts'
import { type Parameters, returnsOf } from './returns.ts'

/** How a rule and the action made of it compare on the same logins. */
export interface Proof {
  readonly logins: number
  /** How often a user who had been sent elsewhere came back. */
  readonly returns: number
  /** Logins and returns on which both failed, which proves nothing. */
  readonly failed: number
  /** What ended otherwise, or with other claims: a login, or where `back` says with what the user came, their return. */
  readonly different: ReadonlyArray<{
    readonly login: number
    readonly back?: Parameters
    readonly rule: Told
    readonly action: Told
  }>
}

/** With why it failed, which each says in its own words. */
type Told = Shown & { readonly error?: string }

/** What a rule, or an action, came to. */
interface Ran {
  readonly login: number
  readonly back?: Parameters
  readonly told: Told
}

/** What a login shows to the world. */
interface Shown {
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
  const { tree, kind } = read(rule, filename)
  const configuration = { ...madeUp(tree, kind), ...options.configuration }
  const returns = returnsOf(tree)
  const requests: string[] = []
  let suspended: SuspendedLogin | undefined
  const engine = createEngine({
    rules: [{ name: scriptName, script: rule, filename }],
    configuration,
    // An action finds in `event.secrets` what the rule found in `configuration`.
    secrets: configuration,
    users,
    states: {
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
  const manner = { seed: 'the same for both', clock: { startMs: nowMs, moves: false } }
  const told = (outcome: Outcome, login: LoginInput): Told => {
    const error = outcome.outcome === 'error' ? { error: outcome.reason } : {}
    // As JSON, which is how tokens and profiles are seen.
    return JSON.parse(JSON.stringify({ ...shownBy(outcome, login), requests: requests.splice(0), ...error })) as Told
  }
  const runOne = async (input: LoginInput, login: number): Promise<readonly Ran[]> => {
    suspended = undefined
    const outcome = await engine.run(input, manner)
    const all: Ran[] = [{ login, told: told(outcome, input) }]
    const left = outcome.outcome === 'redirect' ? (suspended as SuspendedLogin | undefined) : undefined
    if (left === undefined) return all
    for (const back of returns) {
      const query = { state: 'the-state', ...back }
      const request = { ...input.context?.request, query, body: query }
      const resumed = resumption(left, asProgram, { request, user: latest(input.user, outcome), nowMs })
      all.push({ login, back, told: told(await engine.run(resumed.login, { ...manner, flow: resumed.flow }), input) })
    }
    return all
  }
  const runAll = async (): Promise<ReadonlyArray<readonly Ran[]>> => {
    const all: Array<readonly Ran[]> = []
    for (const [index, login] of logins.entries()) all.push(await runOne(login, index))
    return all
  }
  try {
    const before = await runAll()
    await engine.replace([{ name: scriptName, script: action }])
    const after = await runAll()
    return compared(before, after)
  } finally {
    await engine.close()
  }
}

function compared(before: ReadonlyArray<readonly Ran[]>, after: ReadonlyArray<readonly Ran[]>): Proof {
  const pairs = before.flatMap((all, login) => {
    const others = after[login] ?? []
    const both = all.flatMap((one, index) => {
      const other = others[index]
      return other === undefined ? [] : [{ ...one, other: other.told, isSame: isSame(one.told, other.told) }]
    })
    // Who was not sent to the same place does not come back from there.
    return both[0]?.isSame === true ? both : both.slice(0, 1)
  })
  return {
    logins: before.length,
    returns: pairs.length - before.length,
    failed: pairs.filter(({ told, other }) => told.outcome === 'error' && other.outcome === 'error').length,
    different: pairs.flatMap(({ login, back, told, other, isSame: same }) =>
      same ? [] : [{ login, ...(back === undefined ? {} : { back }), rule: told, action: other }],
    ),
  }
}

function isSame(one: Told, other: Told): boolean {
  return isDeepStrictEqual({ ...one, error: undefined }, { ...other, error: undefined })
}

const scriptName = 'converted'
const asProgram = { rules: [{ kind: 'action', name: scriptName }] } as const

const users = {
  updateUserMetadata: async (user_id: string, metadata: object) => ({ user_id, user_metadata: { ...metadata } }),
  updateAppMetadata: async (user_id: string, metadata: object) => ({ user_id, app_metadata: { ...metadata } }),
}

/** The user as a store has them, once it was told to save something. */
function latest(user: User, { updates = [] }: Outcome): User {
  return updates.reduce((now, { of, data }) => ({ ...now, [of]: mergeMetadata(now[of], data) }), user)
}

function read(script: string, file: string): { readonly tree: Tree; readonly kind: RuleSource['kind'] } {
  const { expression, kind } = sourceOf({ name: scriptName, file, script }, { onError: 'deny', secrets: {} })
  return { tree: treeOf(expression), kind }
}

/** Values that serve as a secret as well as for an address. */
function madeUp(tree: Tree, kind: RuleSource['kind']): Record<string, string> {
  const keys = configurationKeysOf(tree, kind)
  return Object.fromEntries(keys.map(({ key }) => [key, `https://configured.example/${key}`]))
}

function shownBy(outcome: Outcome, login: LoginInput): Omit<Shown, 'requests'> {
  const { reason, redirect, multifactor, user, claims, context, updates = [] } = outcome
  const seen = { ...user, ...claims.idToken }
  const changed = Object.entries(seen).filter(
    ([name, value]) => !name.endsWith('_metadata') && !isDeepStrictEqual(value, login.user[name]),
  )
  const { scope: _scope, ...accessToken } = claims.accessToken
  const saml = samlOf(context.samlConfiguration, user)
  const saved = Object.fromEntries(
    updates.flatMap(({ of, data }) => Object.entries(data).map(([key, value]) => [`${of}.${key}`, value])),
  )
  return {
    outcome: outcome.outcome,
    ...(outcome.outcome === 'deny' && reason !== undefined ? { reason } : {}),
    ...(redirect === undefined ? {} : { redirect: redirect.url }),
    // What a rule does not say is true.
    ...(multifactor === undefined ? {} : { multifactor: { allowRememberBrowser: true, ...multifactor } }),
    profile: Object.fromEntries(changed),
    accessToken,
    ...(Object.keys(saml).length === 0 ? {} : { saml }),
    ...(Object.keys(saved).length === 0 ? {} : { saved }),
  }
}

/** A rule says where in the profile an attribute is found, an action what it is. */
function samlOf(configuration: Record<string, unknown> = {}, user: Readonly<Record<string, unknown>>): object {
  const { mappings = {}, attributes = {}, ...rest } = configuration
  const valueAt = (path: string): unknown =>
    path.split('.').reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], user)
  const mapped = Object.entries(mappings as object).map(([name, path]) => [name, valueAt(String(path))] as const)
  const all = [...mapped, ...Object.entries(attributes as object)].filter(([, value]) => value != null)
  return { ...rest, ...(all.length === 0 ? {} : { attributes: Object.fromEntries(all) }) }
}
