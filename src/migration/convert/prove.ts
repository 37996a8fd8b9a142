import { createEngine } from '../../engine/engine.ts'
import type { LoginInput } from '../../engine/outcome-of.ts'
import type { Outcome } from '../../engine/outcome.ts'
import { isDeepStrictEqual } from 'node:util'

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
  readonly multifactor: boolean
  /** The claims of the ID token, and what was put on the user: both are seen at /userinfo, where they are not what was there before. */
  readonly profile: Readonly<Record<string, unknown>>
  readonly accessToken: Readonly<Record<string, unknown>>
}

export interface ProofOptions {
  readonly logins: readonly LoginInput[]
  readonly configuration: Readonly<Record<string, string>>
}

/**
 * Runs a rule, and then the action made of it, over the same logins. Nothing happens outside: what they write to metadata
 * is answered, and gone, and so is every request, with an empty JSON object.
 *
 * @throws {ClaimsmithError} RULE_SYNTAX where one of them is no rule and no action
 */
export async function prove(rule: string, action: string, { logins, configuration }: ProofOptions): Promise<Proof> {
  const asRules = (script: string): [{ name: string; script: string }] => [{ name: 'converted', script }]
  // An action finds in `event.secrets` what the rule found in `configuration`.
  const options = {
    rules: asRules(rule),
    configuration,
    secrets: configuration,
    users,
    network,
    limits: { workers: 1 },
  }
  const engine = createEngine(options)
  const runAll = async (): Promise<Shown[]> => {
    const shown: Shown[] = []
    for (const login of logins) shown.push(shownBy(await engine.run(login), login))
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

/** With its real configuration a rule would send real mails. */
const network = { fetch: () => Response.json({}) }

const users = {
  updateUserMetadata: async (user_id: string, metadata: object) => ({ user_id, user_metadata: { ...metadata } }),
  updateAppMetadata: async (user_id: string, metadata: object) => ({ user_id, app_metadata: { ...metadata } }),
}

function shownBy({ outcome, reason, redirect, multifactor, user, claims }: Outcome, login: LoginInput): Shown {
  const seen = { ...user, ...claims.idToken }
  const changed = Object.entries(seen).filter(
    ([name, value]) => !name.endsWith('_metadata') && !isDeepStrictEqual(value, login.user[name]),
  )
  const { scope: _scope, ...accessToken } = claims.accessToken
  return {
    outcome,
    ...(outcome === 'deny' && reason !== undefined ? { reason } : {}),
    ...(redirect === undefined ? {} : { redirect: redirect.url }),
    multifactor: multifactor !== undefined,
    profile: Object.fromEntries(changed),
    accessToken,
  }
}
