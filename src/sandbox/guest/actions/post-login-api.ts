import { hasEnded } from '../driver/driver-state.ts'
import { nowMs } from '../realm/clock.ts'
import { NativeError, NativeTypeError, push } from '../../wire/primordials.ts'
import { createCacheApi } from './cache-api.ts'
import { createRedirectApi } from './redirect-api.ts'
import {
  type ActionRun,
  type CreateSetter,
  cloneData,
  includesItem,
  requireKey,
  toList,
  ensureObject,
  setOrDelete,
  requireText,
} from './run.ts'
import { createSamlApi } from './saml-api.ts'
import { type MetadataTarget, createExpiryApi, createMetadataApi, createCookieModeSetter } from './session-api.ts'
import { createUnsupportedApi } from './unsupported-api.ts'

/** `api` of Auth0's post-login actions. Its methods write to user and context as a rule does. */
export function createPostLoginApi(run: ActionRun): object {
  const api: Record<string, object> = {}
  const createSetter: CreateSetter = (work) => (first, second) => {
    if (!hasEnded(run.ruleRun)) work(first, second)
    return api
  }
  const unsupported = createUnsupportedApi(run, createSetter)
  api['access'] = {
    deny: createSetter((first, second) => (second === undefined ? run.deny(first) : run.deny(second, first))),
  }
  api['validation'] = { error: createSetter((code, message) => run.deny(message, code)) }
  api['idToken'] = { setCustomClaim: createClaimSetter(run, createSetter, 'idToken') }
  api['accessToken'] = {
    setCustomClaim: createClaimSetter(run, createSetter, 'accessToken'),
    ...createScopeSetters(run, createSetter),
  }
  api['user'] = {
    setUserMetadata: createUserMetadataSetter(run, createSetter, 'user'),
    setAppMetadata: createUserMetadataSetter(run, createSetter, 'app'),
  }
  api['authentication'] = createAuthenticationApi(run, createSetter)
  api['multifactor'] = { enable: createSetter((provider, options) => enableMultifactor(run, provider, options)) }
  api['redirect'] = createRedirectApi(run, createSetter)
  api['cache'] = createCacheApi(run)
  const transaction = createMetadataApi(run, createSetter, { part: 'transaction', member: 'transaction' })
  api['transaction'] = { setMetadata: transaction.setMetadata }
  const session: MetadataTarget = { part: 'session', member: 'session' }
  api['session'] = {
    ...createMetadataApi(run, createSetter, session),
    ...createExpiryApi(run, createSetter, session),
    setCookieMode: createCookieModeSetter(run, createSetter),
    ...unsupported.session,
  }
  const refreshToken: MetadataTarget = { part: 'refresh_token', member: 'refreshToken' }
  api['refreshToken'] = {
    ...createMetadataApi(run, createSetter, refreshToken),
    ...createExpiryApi(run, createSetter, refreshToken),
    ...unsupported.refreshToken,
  }
  api['rules'] = { wasExecuted: (rule: unknown) => run.wasExecuted(rule) }
  api['samlResponse'] = createSamlApi(run, createSetter)
  api['prompt'] = unsupported.prompt
  api['groups'] = unsupported.groups
  api['roles'] = unsupported.roles
  return api
}

export function createClaimSetter(run: ActionRun, createSetter: CreateSetter, token: 'idToken' | 'accessToken') {
  const member = `api.${token}.setCustomClaim`
  return createSetter((key, value) => {
    const name = requireKey(key, member)
    // `accessToken.scope` holds the scopes; the claim is reserved.
    if (token === 'accessToken' && name === 'scope') run.warn('accessToken.setCustomClaim("scope", …)')
    // If the value is undefined, the token lacks the claim, as with a rule.
    else ensureObject(run.login.context, token)[name] = value === undefined ? undefined : cloneData(value, member)
  })
}

function createScopeSetters({ login }: ActionRun, createSetter: CreateSetter) {
  return {
    addScope: createSetter((scope) => addScope(login.context, requireText(scope, 'api.accessToken.addScope'))),
    removeScope: createSetter((scope) => removeScope(login.context, scope)),
  }
}

export function addScope(context: unknown, scope: string): void {
  const accessToken = ensureObject(context, 'accessToken')
  const scopes = toList(accessToken['scope'])
  if (!includesItem(scopes, scope)) push(scopes, scope)
  accessToken['scope'] = scopes
}

export function removeScope(context: unknown, scope: unknown): void {
  const accessToken = ensureObject(context, 'accessToken')
  const scopes = toList(accessToken['scope'])
  const remaining: unknown[] = []
  for (let index = 0; index < scopes.length; index++) if (scopes[index] !== scope) push(remaining, scopes[index])
  accessToken['scope'] = remaining
}

/** The next action sees the value in the user; it is saved after the last action. */
function createUserMetadataSetter({ login, savedKeys }: ActionRun, createSetter: CreateSetter, which: 'user' | 'app') {
  const member = which === 'user' ? 'api.user.setUserMetadata' : 'api.user.setAppMetadata'
  return createSetter((key, value) => {
    const name = requireKey(key, member)
    setOrDelete(ensureObject(login.user, `${which}_metadata`), name, cloneData(value, member))
    if (!includesItem(savedKeys[which], name)) push(savedKeys[which], name)
  })
}

function createAuthenticationApi(run: ActionRun, createSetter: CreateSetter) {
  const { login, ruleRun, resumePoint } = run
  const requestFactors = (member: string, ...list: unknown[]): void => {
    const context = login.context as Record<string, unknown>
    context['multifactor'] = { [member]: cloneData(list, `api.authentication.${member}`) }
    ruleRun.suspendedBy ??= 'challenge'
  }
  const listAdditionalFactors = (options: unknown): unknown[] =>
    toList((options as { readonly additionalFactors?: unknown } | undefined)?.additionalFactors)
  return {
    challengeWith: createSetter((factor, options) =>
      requestFactors('challengeWith', factor, ...listAdditionalFactors(options)),
    ),
    challengeWithAny: createSetter((list) => requestFactors('challengeWithAny', ...toList(list))),
    enrollWith: createSetter((factor, options) =>
      requestFactors('enrollWith', factor, ...listAdditionalFactors(options)),
    ),
    enrollWithAny: createSetter((list) => requestFactors('enrollWithAny', ...toList(list))),
    recordMethod: createSetter((url) => {
      if (resumePoint?.action === undefined) {
        throw new NativeError('api.authentication.recordMethod may be called in onContinuePostLogin only')
      }
      const name = requireText(url, 'api.authentication.recordMethod')
      const authentication = ensureObject(login.context, 'authentication')
      const methods = toList(authentication['methods'])
      push(methods, { name, url: name, timestamp: nowMs() })
      authentication['methods'] = methods
    }),
    setPrimaryUser: createSetter((id) => {
      const context = login.context as Record<string, unknown>
      context['primaryUser'] = requireText(id, 'api.authentication.setPrimaryUser')
    }),
  }
}

/** Writes what a rule writes to request a second factor. */
function enableMultifactor({ login }: ActionRun, provider: unknown, options: unknown): void {
  const context = login.context as Record<string, unknown>
  if (typeof provider !== 'string') throw new NativeTypeError('api.multifactor.enable: the provider must be a string')
  if (provider === 'none') {
    delete context['multifactor']
    return
  }
  const { allowRememberBrowser = false, providerOptions = {} } = (options ?? {}) as Record<string, unknown>
  const providerSettings = cloneData(providerOptions, 'api.multifactor.enable') as object | null
  context['multifactor'] = { ...providerSettings, provider, allowRememberBrowser: allowRememberBrowser === true }
}
