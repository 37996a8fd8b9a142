import type { Ops } from '../driver/ops.ts'
import { NativeTypeError, create, freeze, parseJson, chain, toJson } from '../../wire/primordials.ts'

/** What a rule sees of the tenant in `auth0`. */
export interface TenantInfo {
  readonly domain?: string
  readonly baseUrl?: string
  readonly accessToken?: string
}

type NodeCallback = (error: unknown, result?: unknown) => void

/** Creates the `auth0` object of Auth0's rules: two updates, each with a promise or a callback, and the tenant's data. */
export function createAuth0(ops: Ops, tenant: TenantInfo): object {
  function createUpdate(name: string) {
    return function update(id: unknown, data: unknown, callback?: unknown): Promise<unknown> | undefined {
      if (typeof id !== 'string' || id === '')
        throw new NativeTypeError(`${name}: the first argument must be the user_id, a string`)
      if (typeof data !== 'object' || data === null)
        throw new NativeTypeError(`${name}: the second argument must be an object`)
      const answer = chain(ops.begin(`users.${name}`, toJson({ id, data })), (body) => parseJson(body))
      if (typeof callback !== 'function') return answer
      void chain(
        answer,
        (user) => (callback as NodeCallback)(null, user),
        (error) => (callback as NodeCallback)(error),
      )
      return undefined
    }
  }

  const auth0 = create(null) as Record<string, unknown>
  auth0['users'] = freeze({
    updateUserMetadata: createUpdate('updateUserMetadata'),
    updateAppMetadata: createUpdate('updateAppMetadata'),
  })
  auth0['domain'] = tenant.domain
  auth0['baseUrl'] = tenant.baseUrl
  auth0['accessToken'] = tenant.accessToken
  return freeze(auth0)
}
