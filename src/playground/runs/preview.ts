import { randomUUID } from 'node:crypto'
import type { Outcome } from '../../engine/outcome/outcome.ts'
import type { UserAndContext } from '../../engine/run/login-text.ts'
import { grantOf } from '../../login/grants/granted.ts'
import { issueTokens } from '../../login/tokens/issue-tokens.ts'
import type { LoginSettings } from '../../login/options.ts'
import { tokeninfo, userinfo } from '../../login/tokens/profile-of-token.ts'
import { rememberLogin } from '../../login/run/remember.ts'
import type { Result } from '../../login/result/result.ts'
import type { Transaction } from '../../login/run/transaction.ts'
import type { RememberedLogin, Store } from '../../store/contract/store.ts'
import type { Claims, Preview } from '../http/answers.ts'

/**
 * Takes a login through the end of the real flow, over a memory of this one login: its tokens are made, read, and thrown
 * away. Undefined where the login gets none.
 *
 * @throws {ClaimsmithError} TOKEN_TOO_LARGE
 */
export async function previewOf(
  login: UserAndContext,
  outcome: Outcome,
  settings: LoginSettings,
): Promise<Preview | undefined> {
  if (outcome.outcome !== 'allow') return undefined
  const alone = { ...settings, store: memoryOfOne() }
  const granted = { ...grantOf(transactionOf(login, settings), outcome), refreshScope: undefined }
  await rememberLogin(granted, alone)
  const { access_token: accessToken, id_token: idToken = '' } = await issueTokens(granted, alone)
  return {
    idToken: claimsOf(idToken),
    accessToken: claimsOf(accessToken),
    userinfo: shown(await userinfo(accessToken, alone)),
    tokeninfo: shown(await tokeninfo(idToken, { ...alone, tokeninfo: 'claims' })),
  }
}

function transactionOf({ user, context }: UserAndContext, { issuer, clock }: LoginSettings): Transaction {
  const { clientID = 'playground', clientName: name = clientID, connection = '', protocol = '' } = context
  const resource = context['resource_server'] as { readonly identifier?: unknown } | undefined
  const audience = resource?.identifier
  return {
    id: context.sessionID ?? randomUUID(),
    user,
    client: { client_id: clientID, name, grant_types: [] },
    connection: { id: '', name: connection, strategy: context.connectionStrategy ?? 'auth0', options: {} },
    protocol: protocol as Transaction['protocol'],
    scope: (context.accessToken?.scope ?? ['openid', 'profile', 'email']).map(String),
    audience: typeof audience === 'string' ? audience : new URL('/userinfo', issuer.issuer).href,
    request: {},
    authenticatedAtMs: clock(),
  }
}

/** A store as far as the end of a login needs one. */
function memoryOfOne(): Store {
  let remembered: RememberedLogin | undefined
  const logins = {
    remember: async (login: RememberedLogin): Promise<void> => {
      // As it comes back from a database.
      remembered = JSON.parse(JSON.stringify(login)) as RememberedLogin
    },
    get: async () => remembered,
  }
  return { logins } as unknown as Store
}

function claimsOf(token: string): Claims {
  const [, payload = ''] = token.split('.')
  return payload === '' ? {} : (JSON.parse(Buffer.from(payload, 'base64url').toString()) as Claims)
}

function shown(result: Result<Record<string, unknown>>): Claims {
  return result.ok ? result.value : { error: result.code, error_description: result.description }
}
