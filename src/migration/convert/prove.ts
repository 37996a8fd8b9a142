import { isDeepStrictEqual } from 'node:util'
import { createEngine } from '../../engine/engine.ts'
import type { LoginInput } from '../../engine/outcome-of.ts'
import type { Outcome } from '../../engine/outcome.ts'
import { sourceOf } from '../../rules/ruleset.ts'
import { configurationKeysOf } from '../../rules/traits/configuration-keys.ts'
import { treeOf } from '../../rules/tree.ts'

/** How a rule and the action made of it compare on the same logins. */
export interface Proof {
  readonly logins: number
  /** Logins on which both failed, which proves nothing. */
  readonly failed: number
  /** Logins that ended otherwise, or with other claims. */
  readonly different: ReadonlyArray<{ readonly login: number; readonly rule: Shown; readonly action: Shown }>
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
  /** Where packages are that both require: a folder with a `node_modules`. */
  readonly modulesFolder?: string
}

/**
 * Runs a rule, and then the action made of it, over the same logins. Nothing happens outside: what they write to metadata
 * is answered, and gone, and so is every request, with an empty JSON object. What the rule reads from `configuration` and
 * finds nothing there is made up. Time stands still, and both draw the same at random.
 *
 * @throws {ClaimsmithError} RULE_SYNTAX where one of them is no rule and no action
 */
export async function prove(rule: string, action: string, options: ProofOptions): Promise<Proof> {
  const { logins, modulesFolder } = options
  const configuration = { ...madeUp(rule), ...options.configuration }
  const asRules = (script: string): [{ name: string; script: string }] => [{ name: 'converted', script }]
  // An action finds in `event.secrets` what the rule found in `configuration`.
  const requests: string[] = []
  const engine = createEngine({
    rules: asRules(rule),
    configuration,
    secrets: configuration,
    users,
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
  const manner = { seed: 'the same for both', clock: { startMs: Date.now(), moves: false } }
  const runAll = async (): Promise<Shown[]> => {
    const shown: Shown[] = []
    for (const login of logins) {
      const outcome = await engine.run(login, manner)
      // As JSON, which is how tokens and profiles are seen.
      shown.push(JSON.parse(JSON.stringify({ ...shownBy(outcome, login), requests: requests.splice(0) })) as Shown)
    }
    return shown
  }
  try {
    const before = await runAll()
    await engine.replace(asRules(action))
    const after = await runAll()
    const failed = before.filter(({ outcome }, login) => outcome === 'error' && after[login]?.outcome === 'error')
    const different = before.flatMap((one, login) => {
      const other = after[login]
      return other === undefined || isDeepStrictEqual(one, other) ? [] : [{ login, rule: one, action: other }]
    })
    return { logins: logins.length, failed: failed.length, different }
  } finally {
    await engine.close()
  }
}

const users = {
  updateUserMetadata: async (user_id: string, metadata: object) => ({ user_id, user_metadata: { ...metadata } }),
  updateAppMetadata: async (user_id: string, metadata: object) => ({ user_id, app_metadata: { ...metadata } }),
}

/** Values that serve as a secret as well as for an address. */
function madeUp(rule: string): Record<string, string> {
  const { expression, kind } = sourceOf(
    { name: 'converted', file: 'converted.js', script: rule },
    { onError: 'deny', secrets: {} },
  )
  const keys = configurationKeysOf(treeOf(expression), kind)
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
