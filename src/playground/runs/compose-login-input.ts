import { randomUUID } from 'node:crypto'
import type { UserAndContext } from '../../engine/run/encode-login.ts'
import { resolveConnection } from '../../login/run/resolve-connection.ts'
import { buildRulesContext, buildRulesUser } from '../../login/run/rules-input.ts'
import type { RequestDetails } from '../../login/run/transaction.ts'
import type { Protocol } from '../../profile/context/context.ts'
import type { User } from '../../profile/user/user.ts'
import type { Client } from '../../store/contract/clients.ts'
import type { Store } from '../../store/contract/store.ts'

/** Who logs in, where and how. Default: the user's first connection, and any client. */
export interface LoginChoice {
  readonly userId: string
  readonly connection?: string
  readonly clientId?: string
  readonly protocol?: string
}

interface LoginEnvironment {
  readonly store: Store
  readonly issuer: string
  readonly clock: () => number
  readonly request: RequestDetails
}

const placeholderClient: Client = { client_id: 'playground', name: 'Playground', grant_types: [] }

/** Builds what the rules of a login get; undefined if there is no such user. */
export async function composeLoginInput(
  { userId, connection: name, clientId, protocol = 'oauth2-password' }: LoginChoice,
  { store, issuer, clock, request }: LoginEnvironment,
): Promise<UserAndContext | undefined> {
  const user = await store.users.get(userId)
  if (user === undefined) return undefined
  const connection = await resolveConnection(name ?? getFirstConnection(user), store, user)
  const context = buildRulesContext(
    {
      id: randomUUID(),
      user,
      client: await findClient(store, clientId),
      connection,
      protocol: protocol as Protocol,
      scope: ['openid', 'profile', 'email'],
      audience: new URL('/userinfo', issuer).href,
      request,
      authenticatedAtMs: clock(),
    },
    new URL(issuer).hostname,
  )
  return { user: buildRulesUser(user), context }
}

function getFirstConnection({ identities = [] }: User): string {
  return identities[0]?.connection ?? 'Username-Password-Authentication'
}

async function findClient({ clients }: Store, clientId: string | undefined): Promise<Client> {
  if (clientId !== undefined) return (await clients.get(clientId)) ?? placeholderClient
  const page = await clients.list({ page: 0, perPage: 100 })
  return page.clients.find(({ grant_types: grants }) => !grants.includes('client_credentials')) ?? placeholderClient
}
