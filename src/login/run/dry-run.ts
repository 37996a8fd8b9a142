import { randomUUID } from 'node:crypto'
import type { Engine } from '../../engine/engine.ts'
import type { Outcome } from '../../engine/outcome/outcome.ts'
import type { User } from '../../profile/user/user.ts'
import type { Client } from '../../store/contract/clients.ts'
import type { Store } from '../../store/contract/store.ts'
import { connectionOf } from './connection.ts'
import type { LoginSettings } from '../options.ts'
import { contextForRules, userForRules } from './rules-input.ts'

export interface DryRunSettings extends Pick<LoginSettings, 'tenant'> {
  readonly engine: Engine
  readonly store: Store
  /** The program that the user seems to log in to. Default: one that no store knows. */
  readonly client?: Client
}

export interface DryRun {
  readonly outcome: Outcome
  /** The user as rules found it. */
  readonly raw: User
}

const nobodysClient: Client = { client_id: 'dry-run', name: 'Dry run', grant_types: [] }

/** Runs the rules as they would run if this user logged in now in a browser, by the connection of their own identity; nothing comes of it. */
export async function dryRun(user: User, settings: DryRunSettings): Promise<DryRun> {
  const { engine, store, tenant, client = nobodysClient } = settings
  const connectionName = user.identities?.[0]?.connection ?? 'Username-Password-Authentication'
  const transaction = {
    id: randomUUID(),
    user,
    client,
    connection: await connectionOf(connectionName, store, user),
    protocol: 'oidc-basic-profile',
    scope: ['openid', 'profile', 'email'],
    audience: '',
    request: {},
    authenticatedAtMs: Date.now(),
  } as const
  const raw = userForRules(user)
  const outcome = await engine.run({ user: raw, context: contextForRules(transaction, tenant) }, { dry: true })
  return { outcome, raw }
}
