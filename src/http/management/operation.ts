import type { DryRunResult } from '../../login/run/dry-run-login.ts'
import type { User } from '../../profile/user/user.ts'
import type { Client } from '../../store/contract/clients.ts'
import type { Store } from '../../store/contract/store.ts'
import type { TokenIssuer } from '../../tokens/issuer.ts'
import type { OperationResult } from './operation-result.ts'
import type { JobRunner } from './jobs/runner.ts'
import type { ManagementScope } from './scopes.ts'

/** Either a client (`sub` is `<client_id>@clients`), or a user with their own token. */
export interface Caller {
  readonly sub: string
  readonly clientId: string
  readonly scopes: readonly string[]
}

/** The services that every operation may use. */
export interface ManagementServices {
  readonly store: Store
  readonly issuer: TokenIssuer
  /** Milliseconds since 1970. */
  readonly clock: () => number
  /** Runs imports. Without it, they wait for a process that has one. */
  readonly jobs?: JobRunner | undefined
  /** Runs the rules as if a user logged in to a client, without effects. Without it, users cannot be explained. */
  readonly dryRunLogin?: ((user: User, client: Client | undefined) => Promise<DryRunResult>) | undefined
  /** The largest script of a rule; default as in the engine. */
  readonly maxSourceBytes?: number | undefined
}

/** A call whose token allows the operation, and whose query and body are valid. */
export interface Call<Query = unknown, Body = unknown> extends ManagementServices {
  /** The decoded parameters of the path. */
  readonly path: Readonly<Record<string, string>>
  readonly query: Query
  readonly body: Body
  readonly caller: Caller
  readonly request: Request
}

/** A JSON Schema. */
export type Schema = Readonly<Record<string, unknown>>

/** One method of one path. The router, the validation and the OpenAPI document read it. */
export interface Operation {
  /** The name in the documentation and in generated client libraries, such as `getUser`. */
  readonly id: string
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  /** Below `/api/v2`, with parameters in braces: `/users/{id}`. */
  readonly path: string
  readonly tag: string
  readonly summary: string
  /** For the documentation: the profile attributes that it reads or changes, if neither body nor response is a user. */
  readonly attributes?: string
  /** Any one of them is enough; one for the `current_user` only if `{id}` is the token's `sub`. */
  readonly scopes: readonly ManagementScope[]
  /** An object schema of the query; texts are converted to its numbers and booleans. Default: no parameters. */
  readonly query?: Schema
  /** The schema of the JSON body. Without it, the body is not read. */
  readonly body?: Schema
  /** Instead of `body`: form fields and one file as `multipart/form-data`; texts are converted to booleans. */
  readonly multipart?: { readonly schema: Schema; readonly maxFileBytes: number }
  /** The status of a success, and the schema of its body. */
  readonly success: { readonly status: 200 | 201 | 202 | 204; readonly body?: Schema }
  run(call: Call): Promise<OperationResult>
}
