import { cacheApi } from './cache-api.ts'
import { addScope, claimSetter, removeScope } from './post-login-api.ts'
import { type ActionRun, type Setter, listOf, partOf, textOf } from './run.ts'

/** `api` of Auth0's credentials-exchange actions. */
export function credentialsExchangeApi(run: ActionRun): object {
  const { context } = run.login
  const api: Record<string, object> = {}
  const setter: Setter = (work) => (first, second) => {
    if (!run.turn.ended) work(first, second)
    return api
  }
  const setScopes = (scopes: readonly unknown[]): void => {
    partOf(context, 'accessToken')['scope'] = scopes
  }
  api['access'] = { deny: setter((code, reason) => run.refuse(reason ?? code, code)) }
  api['accessToken'] = { setCustomClaim: claimSetter(run, setter, 'accessToken') }
  api['cache'] = cacheApi(run)
  api['transaction'] = {
    addTargetScope: setter((scope) => addScope(context, textOf(scope, 'api.transaction.addTargetScope'))),
    removeTargetScope: setter((scope) => removeScope(context, scope)),
    setTargetScopes: setter((scopes) => setScopes(listOf(scopes))),
    clearTargetScopes: setter(() => setScopes([])),
  }
  return api
}
