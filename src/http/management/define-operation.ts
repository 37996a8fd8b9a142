import type { FromSchema, JSONSchema } from 'json-schema-to-ts'
import type { OperationResult } from './operation-result.ts'
import type { Call, Operation, Schema } from './operation.ts'

/** The type that a schema describes; `unknown` if the schema is built at run time. */
type Described<S> = S extends JSONSchema ? FromSchema<S> : unknown

interface Definition<Query, Body> extends Omit<Operation, 'query' | 'body' | 'multipart' | 'run'> {
  readonly query?: Query & Schema
  readonly body?: Body & Schema
  readonly multipart?: { readonly schema: Body & Schema; readonly maxFileBytes: number }
  run(call: Call<Described<Query>, Described<Body>>): Promise<OperationResult>
}

/** Declares an operation. `run` gets query and body with the types that their schemas describe. */
export function defineOperation<const Query = unknown, const Body = unknown>(
  definition: Definition<Query, Body>,
): Operation {
  return definition
}
