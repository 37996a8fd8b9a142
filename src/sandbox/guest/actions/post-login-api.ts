import { nowMs } from '../realm/clock.ts'
import { NativeError, NativeTypeError, push } from '../../wire/primordials.ts'
import { cacheApi } from './cache-api.ts'
import { redirectApi } from './redirect-api.ts'
import { type ActionRun, type Setter, dataOf, includes, keyOf, listOf, partOf, setOrDelete, textOf } from './run.ts'
import { samlApi } from './saml-api.ts'
import { type Kept, expiryApi, metadataApi, setCookieMode } from './session-api.ts'
import { withoutEffect } from './without-effect.ts'

/** `api` of Auth0's post-login actions. Its methods write to the login where a rule would have written. */
export function postLoginApi(run: ActionRun): object {
  const api: Record<string, object> = {}
  const setter: Setter = (work) => (first, second) => {
    if (!run.turn.ended) work(first, second)
    return api
  }
  const missing = withoutEffect(run, setter)
  api['access'] = {
    deny: setter((first, second) => (second === undefined ? run.refuse(first) : run.refuse(second, first))),
  }
  api['validation'] = { error: setter((code, message) => run.refuse(message, code)) }
  api['idToken'] = { setCustomClaim: claimSetter(run, setter, 'idToken') }
  api['accessToken'] = { setCustomClaim: claimSetter(run, setter, 'accessToken'), ...scopeSetters(run, setter) }
  api['user'] = {
    setUserMetadata: userMetadataSetter(run, setter, 'user'),
    setAppMetadata: userMetadataSetter(run, setter, 'app'),
  }
  api['authentication'] = authenticationApi(run, setter)
  api['multifactor'] = { enable: setter((provider, options) => enableMultifactor(run, provider, options)) }
  api['redirect'] = redirectApi(run, setter)
  api['cache'] = cacheApi(run)
  const transaction = metadataApi(run, setter, { part: 'transaction', member: 'transaction' })
  api['transaction'] = { setMetadata: transaction.setMetadata }
  const session: Kept = { part: 'session', member: 'session' }
  api['session'] = {
    ...metadataApi(run, setter, session),
    ...expiryApi(run, setter, session),
    setCookieMode: setCookieMode(run, setter),
    ...missing.session,
  }
  const refreshToken: Kept = { part: 'refresh_token', member: 'refreshToken' }
  api['refreshToken'] = {
    ...metadataApi(run, setter, refreshToken),
    ...expiryApi(run, setter, refreshToken),
    ...missing.refreshToken,
  }
  api['rules'] = { wasExecuted: (rule: unknown) => run.wasExecuted(rule) }
  api['samlResponse'] = samlApi(run, setter)
  api['prompt'] = missing.prompt
  api['groups'] = missing.groups
  api['roles'] = missing.roles
  return api
}

export function claimSetter(run: ActionRun, setter: Setter, token: 'idToken' | 'accessToken') {
  const member = `api.${token}.setCustomClaim`
  return setter((key, value) => {
    const name = keyOf(key, member)
    // There the scopes are kept; as a claim it is reserved.
    if (token === 'accessToken' && name === 'scope') run.warn('accessToken.setCustomClaim("scope", …)')
    // As where a rule writes it: the token then lacks the claim.
    else partOf(run.login.context, token)[name] = value === undefined ? undefined : dataOf(value, member)
  })
}

function scopeSetters({ login }: ActionRun, setter: Setter) {
  return {
    addScope: setter((scope) => addScope(login.context, textOf(scope, 'api.accessToken.addScope'))),
    removeScope: setter((scope) => removeScope(login.context, scope)),
  }
}

export function addScope(context: unknown, scope: string): void {
  const accessToken = partOf(context, 'accessToken')
  const scopes = listOf(accessToken['scope'])
  if (!includes(scopes, scope)) push(scopes, scope)
  accessToken['scope'] = scopes
}

export function removeScope(context: unknown, scope: unknown): void {
  const accessToken = partOf(context, 'accessToken')
  const scopes = listOf(accessToken['scope'])
  const kept: unknown[] = []
  for (let index = 0; index < scopes.length; index++) if (scopes[index] !== scope) push(kept, scopes[index])
  accessToken['scope'] = kept
}

/** The user shows it to the next action at once; it is saved when the last one is over. */
function userMetadataSetter({ login, saved }: ActionRun, setter: Setter, which: 'user' | 'app') {
  const member = which === 'user' ? 'api.user.setUserMetadata' : 'api.user.setAppMetadata'
  return setter((key, value) => {
    const name = keyOf(key, member)
    setOrDelete(partOf(login.user, `${which}_metadata`), name, dataOf(value, member))
    if (!includes(saved[which], name)) push(saved[which], name)
  })
}

function authenticationApi(run: ActionRun, setter: Setter) {
  const { login, turn, flow } = run
  const factors = (member: string, ...list: unknown[]): void => {
    const context = login.context as Record<string, unknown>
    context['multifactor'] = { [member]: dataOf(list, `api.authentication.${member}`) }
    turn.suspends ??= 'challenge'
  }
  const more = (options: unknown): unknown[] =>
    listOf((options as { readonly additionalFactors?: unknown } | undefined)?.additionalFactors)
  return {
    challengeWith: setter((factor, options) => factors('challengeWith', factor, ...more(options))),
    challengeWithAny: setter((list) => factors('challengeWithAny', ...listOf(list))),
    enrollWith: setter((factor, options) => factors('enrollWith', factor, ...more(options))),
    enrollWithAny: setter((list) => factors('enrollWithAny', ...listOf(list))),
    recordMethod: setter((url) => {
      if (flow?.continues === undefined) {
        throw new NativeError('api.authentication.recordMethod may be called in onContinuePostLogin only')
      }
      const name = textOf(url, 'api.authentication.recordMethod')
      const authentication = partOf(login.context, 'authentication')
      const methods = listOf(authentication['methods'])
      push(methods, { name, url: name, timestamp: nowMs() })
      authentication['methods'] = methods
    }),
    setPrimaryUser: setter((id) => {
      const context = login.context as Record<string, unknown>
      context['primaryUser'] = textOf(id, 'api.authentication.setPrimaryUser')
    }),
  }
}

/** In the form in which rules ask for it. */
function enableMultifactor({ login }: ActionRun, provider: unknown, options: unknown): void {
  const context = login.context as Record<string, unknown>
  if (typeof provider !== 'string') throw new NativeTypeError('api.multifactor.enable: the provider is a text')
  if (provider === 'none') {
    delete context['multifactor']
    return
  }
  const { allowRememberBrowser = false, providerOptions = {} } = (options ?? {}) as Record<string, unknown>
  const chosen = dataOf(providerOptions, 'api.multifactor.enable') as object | null
  context['multifactor'] = { ...chosen, provider, allowRememberBrowser: allowRememberBrowser === true }
}
