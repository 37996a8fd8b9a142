import { randomUUID } from 'node:crypto'
import type { Outcome } from '../../engine/outcome/outcome.ts'
import type { UserAndContext } from '../../engine/run/encode-login.ts'
import { toGrantedLogin } from '../../login/grants/granted-login.ts'
import { issueTokens } from '../../login/tokens/issue-tokens.ts'
import type { LoginSettings } from '../../login/options.ts'
import { tokeninfo, userinfo } from '../../login/tokens/userinfo.ts'
import { rememberLogin } from '../../login/run/remember-login.ts'
import type { Result } from '../../login/result/result.ts'
import type { Transaction } from '../../login/run/transaction.ts'
import type { RememberedLogin } from '../../store/contract/logins.ts'
import type { Store } from '../../store/contract/store.ts'
import type { Claims, Preview } from '../http/api-types.ts'

/**
 * Runs the real code that ends a login, over a store that holds this login only. Its tokens are issued, decoded and dropped.
 *
 * Resolves to undefined if the login gets no tokens.
 *
 * @throws {ClaimsmithError} TOKEN_TOO_LARGE if a token would be too large
 */
export async function buildPreview(
  login: UserAndContext,
  outcome: Outcome,
  settings: LoginSettings,
): Promise<Preview | undefined> {
  if (outcome.outcome !== 'allow') return undefined
  const previewSettings = { ...settings, store: createSingleLoginStore() }
  const grant = { ...toGrantedLogin(toTransaction(login, settings), outcome), refreshScope: undefined }
  await rememberLogin(grant, previewSettings)
  const { access_token: accessToken, id_token: idToken = '' } = await issueTokens(grant, previewSettings)
  return {
    idToken: decodeClaims(idToken),
    accessToken: decodeClaims(accessToken),
    userinfo: toClaims(await userinfo(accessToken, previewSettings)),
    tokeninfo: toClaims(await tokeninfo(idToken, { ...previewSettings, tokeninfo: 'claims' })),
  }
}

function toTransaction({ user, context }: UserAndContext, { issuer, clock }: LoginSettings): Transaction {
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

/** A store with only the methods that the end of a login calls. */
function createSingleLoginStore(): Store {
  let savedLogin: RememberedLogin | undefined
  const logins = {
    remember: async (login: RememberedLogin): Promise<void> => {
      // Copied as JSON, as a database would return it.
      savedLogin = JSON.parse(JSON.stringify(login)) as RememberedLogin
    },
    get: async () => savedLogin,
  }
  return { logins } as unknown as Store
}

function decodeClaims(token: string): Claims {
  const [, payload = ''] = token.split('.')
  return payload === '' ? {} : (JSON.parse(Buffer.from(payload, 'base64url').toString()) as Claims)
}

function toClaims(result: Result<Record<string, unknown>>): Claims {
  return result.ok ? result.value : { error: result.code, error_description: result.description }
}
