import { hasEnded } from '../driver/driver-state.ts'
import { createCacheApi } from './cache-api.ts'
import { addScope, createClaimSetter, removeScope } from './post-login-api.ts'
import { type ActionRun, type CreateSetter, toList, ensureObject, requireText } from './run.ts'

/** `api` of Auth0's credentials-exchange actions. */
export function createCredentialsExchangeApi(run: ActionRun): object {
  const { context } = run.login
  const api: Record<string, object> = {}
  const createSetter: CreateSetter = (work) => (first, second) => {
    if (!hasEnded(run.ruleRun)) work(first, second)
    return api
  }
  const setScopes = (scopes: readonly unknown[]): void => {
    ensureObject(context, 'accessToken')['scope'] = scopes
  }
  api['access'] = { deny: createSetter((code, reason) => run.deny(reason ?? code, code)) }
  api['accessToken'] = { setCustomClaim: createClaimSetter(run, createSetter, 'accessToken') }
  api['cache'] = createCacheApi(run)
  api['transaction'] = {
    addTargetScope: createSetter((scope) => addScope(context, requireText(scope, 'api.transaction.addTargetScope'))),
    removeTargetScope: createSetter((scope) => removeScope(context, scope)),
    setTargetScopes: createSetter((scopes) => setScopes(toList(scopes))),
    clearTargetScopes: createSetter(() => setScopes([])),
  }
  return api
}
