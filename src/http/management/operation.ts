import type { DryRunResult } from '../../login/run/dry-run-login.ts'
import type { User } from '../../profile/user/user.ts'
import type { Client } from '../../store/contract/clients.ts'
import type { Store } from '../../store/contract/store.ts'
import type { TokenIssuer } from '../../tokens/issuer.ts'
import type { OperationResult } from './operation-result.ts'
import type { JobRunner } from './jobs/runner.ts'
import type { ManagementScope } from './scopes.ts'

/** Who calls: a client by itself (`sub` is `<client_id>@clients`), or a user for themselves. */
export interface Caller {
  readonly sub: string
  readonly clientId: string
  readonly scopes: readonly string[]
}

/** What every operation may use. */
export interface ManagementServices {
  readonly store: Store
  readonly issuer: TokenIssuer
  /** Milliseconds since 1970. */
  readonly clock: () => number
  /** Works on imports; without it they wait for a process that has one. */
  readonly jobs?: JobRunner | undefined
  /** Runs the rules as if a user logged in to a client, without effects; without it users cannot be explained. */
  readonly dryRunLogin?: ((user: User, client: Client | undefined) => Promise<DryRunResult>) | undefined
  /** How long a rule's script may be; default as the engine's. */
  readonly maxSourceBytes?: number | undefined
}

/** One call, checked: the token opens the operation, and query and body have the shapes that it declares. */
export interface Call<Query = unknown, Body = unknown> extends ManagementServices {
  /** The parameters of the path, decoded. */
  readonly path: Readonly<Record<string, string>>
  readonly query: Query
  readonly body: Body
  readonly caller: Caller
  readonly request: Request
}

/** A JSON Schema. */
export type Schema = Readonly<Record<string, unknown>>

/** One method of one path: the router, the validation and the OpenAPI document all read it from here. */
export interface Operation {
  /** As the generated documentation and client libraries name it, such as `getUser`. */
  readonly id: string
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  /** Below `/api/v2`, with parameters in braces: `/users/{id}`. */
  readonly path: string
  readonly tag: string
  readonly summary: string
  /** Which profile attributes it views or alters, where neither body nor answer is a user; the documentation says it. */
  readonly attributes?: string
  /** Any one of them opens it; one for the `current_user` only where `{id}` is the token's `sub`. */
  readonly scopes: readonly ManagementScope[]
  /** The query's parameters, an object schema; text is turned into numbers and booleans where it says so. Default: none. */
  readonly query?: Schema
  /** The JSON body. Without it, a body is not read. */
  readonly body?: Schema
  /** A body of form fields and one file instead, as `multipart/form-data`; text is turned into booleans. */
  readonly multipart?: { readonly schema: Schema; readonly maxFileBytes: number }
  /** The status of success, and the schema of its body. */
  readonly success: { readonly status: 200 | 201 | 202 | 204; readonly body?: Schema }
  run(call: Call): Promise<OperationResult>
}
