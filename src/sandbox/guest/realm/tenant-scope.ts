import { parseJson } from '../../wire/primordials.ts'
import type { StubScope } from '../../wire/stub-port.ts'
import type { Ops } from '../driver/ops.ts'
import { type TenantInfo, createAuth0 } from './auth0.ts'

/** What rules see of their tenant. It stays from login to login until another tenant comes. */
export interface TenantScope {
  readonly auth0: object
  /** Values of a test that replace what rules find; undefined outside of tests. */
  readonly stubbed: StubScope | undefined
  /** Takes the JSON of another tenant. */
  update(json: string): void
}

export function createTenantScope(ops: Ops, freezeDeep: (value: object) => void): TenantScope {
  let currentJson = ''
  const scope: { -readonly [Name in keyof TenantScope]: TenantScope[Name] } = {
    auth0: {},
    stubbed: undefined,
    update(json) {
      if (json === currentJson) return
      currentJson = json
      const tenant = parseJson(json) as TenantInfo & { readonly stubbed?: StubScope }
      scope.auth0 = createAuth0(ops, tenant)
      scope.stubbed = tenant.stubbed
      freezeDeep(scope.auth0)
    },
  }
  return scope
}
