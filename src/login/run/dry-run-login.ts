import { randomUUID } from 'node:crypto'
import type { Engine } from '../../engine/ports/engine.ts'
import type { Outcome } from '../../engine/outcome/outcome.ts'
import type { User } from '../../profile/user/user.ts'
import type { Client } from '../../store/contract/clients.ts'
import type { Store } from '../../store/contract/store.ts'
import { resolveConnection } from './resolve-connection.ts'
import type { LoginSettings } from '../options.ts'
import { buildRulesContext, buildRulesUser } from './rules-input.ts'

export interface DryRunOptions extends Pick<LoginSettings, 'tenant'> {
  readonly engine: Engine
  readonly store: Store
  /** The client of the simulated login. Default: one that is in no store. */
  readonly client?: Client | undefined
}

export interface DryRunResult {
  readonly outcome: Outcome
  /** The user before the rules ran. */
  readonly raw: User
}

const defaultClient: Client = { client_id: 'dry-run', name: 'Dry run', grant_types: [] }

/** Runs the rules as if this user logged in now in a browser, with the connection of their first identity, without effects. */
export async function dryRunLogin(user: User, settings: DryRunOptions): Promise<DryRunResult> {
  const { engine, store, tenant, client = defaultClient } = settings
  const connectionName = user.identities?.[0]?.connection ?? 'Username-Password-Authentication'
  const transaction = {
    id: randomUUID(),
    user,
    client,
    connection: await resolveConnection(connectionName, store, user),
    protocol: 'oidc-basic-profile',
    scope: ['openid', 'profile', 'email'],
    audience: '',
    request: {},
    authenticatedAtMs: Date.now(),
  } as const
  const raw = buildRulesUser(user)
  const outcome = await engine.run({ user: raw, context: buildRulesContext(transaction, tenant) }, { dry: true })
  return { outcome, raw }
}
