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
  /** The program that the user seems to log in to. Default: one that no store knows. */
  readonly client?: Client
}

export interface DryRunResult {
  readonly outcome: Outcome
  /** The user as rules found it. */
  readonly raw: User
}

const defaultClient: Client = { client_id: 'dry-run', name: 'Dry run', grant_types: [] }

/** Runs the rules as they would run if this user logged in now in a browser, by the connection of their own identity; nothing comes of it. */
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
