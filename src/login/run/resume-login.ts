import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import type { SuspendedRedirect } from '../../store/contract/redirects.ts'
import { connectionOf, refusedClient } from './connection.ts'
import { finishLogin } from './finish.ts'
import { logLogin } from '../result/log.ts'
import type { LoginSettings } from '../options.ts'
import { type Result, type TokenSet, fail } from '../result/result.ts'
import { userForRules } from './rules-input.ts'
import type { RequestFacts, SuspendedTransaction, Transaction } from './transaction.ts'
import type { Client } from '../../store/contract/clients.ts'

export interface ResumeLogin {
  /** The client that began the login, authenticated again. */
  readonly client: Client
  /** What the user came back with. */
  readonly state: string
  readonly request: RequestFacts
}

/**
 * A login whose user comes back from where a rule or an action had sent them: the profile is read again, the rules go on,
 * and what they come to is what the grant that began the login would have come to.
 */
export async function resumeLogin(
  { client, state, request }: ResumeLogin,
  settings: LoginSettings,
): Promise<Result<TokenSet>> {
  const { store, engine, clock } = settings
  const found = await store.redirects.get(state)
  if (found === undefined || !isOf(client, found) || found.expiresAtMs <= clock()) return lost
  const suspended = await store.redirects.take(state)
  const user = await store.users.get(found.userId ?? '')
  if (suspended === undefined || user === undefined) return lost
  const { clientId: _, ...kept } = suspended.carry as SuspendedTransaction
  const connection = await connectionOf(kept.connection, store, user)
  const transaction: Transaction = { ...kept, user, client, connection, request }
  if (user.blocked === true) {
    await logLogin('f', transaction, settings, blocked.description)
    return blocked
  }
  const refusal = refusedClient(connection, client)
  if (refusal !== undefined) return refusal
  const back = { user: userForRules(user), sessionID: transaction.id }
  try {
    return await finishLogin(transaction, settings, () => engine.resume(suspended, { ...request }, back))
  } catch (error) {
    // The action that had sent the user away is not there any more.
    if (error instanceof ClaimsmithError && error.code === 'INVALID_STATE') return lost
    throw error
  }
}

/** A challenge is not passed by coming back. */
function isOf(client: Client, { waitsFor, carry }: SuspendedRedirect): boolean {
  const { clientId } = (carry ?? {}) as Partial<SuspendedTransaction>
  return waitsFor === 'redirect' && clientId === client.client_id
}

const blocked = fail('access_denied', 'The user is blocked.')
const lost = fail('invalid_request', 'The state is unknown, was used before, is expired, or is of another login.')
