import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import type { SuspendedRedirect } from '../../store/contract/redirects.ts'
import { resolveConnection, checkClientEnabled } from './resolve-connection.ts'
import { finishLogin } from './finish-login.ts'
import { logLogin } from '../result/log-login.ts'
import type { LoginSettings } from '../options.ts'
import { type Result, type TokenSet, oauthError, userBlockedError } from '../result/result.ts'
import { buildRulesUser } from './rules-input.ts'
import type { RequestDetails, SuspendedTransaction, Transaction } from './transaction.ts'
import type { Client } from '../../store/contract/clients.ts'

export interface ResumeLoginInput {
  /** The client that started the login, authenticated again. */
  readonly client: Client
  readonly state: string
  readonly request: RequestDetails
}

/**
 * Resumes a login after the redirect of a rule or an action. Reads the profile again and resumes the rules; the result is
 * that of the grant that started the login.
 */
export async function resumeLogin(
  { client, state, request }: ResumeLoginInput,
  settings: LoginSettings,
): Promise<Result<TokenSet>> {
  const { store, engine, clock } = settings
  const pendingRedirect = await store.redirects.get(state)
  if (pendingRedirect === undefined || !isStartedBy(client, pendingRedirect) || pendingRedirect.expiresAtMs <= clock())
    return invalidStateError
  const suspendedRedirect = await store.redirects.take(state)
  const user = await store.users.get(pendingRedirect.userId ?? '')
  if (suspendedRedirect === undefined || user === undefined) return invalidStateError
  const { clientId: _, ...suspendedTransaction } = suspendedRedirect.metadata as SuspendedTransaction
  const connection = await resolveConnection(suspendedTransaction.connection, store, user)
  const transaction: Transaction = { ...suspendedTransaction, user, client, connection, request }
  if (user.blocked === true) {
    await logLogin('f', transaction, settings, userBlockedError.description)
    return userBlockedError
  }
  const clientError = checkClientEnabled(connection, client)
  if (clientError !== undefined) return clientError
  const resumeInput = { user: buildRulesUser(user), sessionID: transaction.id }
  try {
    return await finishLogin(transaction, settings, () => engine.resume(suspendedRedirect, { ...request }, resumeInput))
  } catch (error) {
    // The action that redirected the user was removed meanwhile.
    if (error instanceof ClaimsmithError && error.code === 'INVALID_STATE') return invalidStateError
    throw error
  }
}

/** A suspended challenge does not count: returning from a page does not pass it. */
function isStartedBy(client: Client, { waitsFor, metadata }: SuspendedRedirect): boolean {
  const { clientId } = (metadata ?? {}) as Partial<SuspendedTransaction>
  return waitsFor === 'redirect' && clientId === client.client_id
}

const invalidStateError = oauthError(
  'invalid_request',
  'The state is unknown, used, expired, or belongs to another client.',
)
