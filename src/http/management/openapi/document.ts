import { publicUserSchema } from '../../../profile/user/public-user-schema.ts'
import type { Operation, Schema } from '../operation.ts'
import { roleSchema } from '../roles/roles.ts'
import { clientScopes, isForCurrentUser } from '../scopes.ts'
import { describeOperation, getSchemaProperties } from './describe-operation.ts'
import { errorSchema, buildResponses, hasBody } from './responses.ts'

/** Builds the OpenAPI 3.1 document; server and token endpoint are those of the issuer. */
export function buildOpenApiDocument(operations: readonly Operation[], issuer: string): Schema {
  const paths: Record<string, Record<string, Schema>> = {}
  for (const operation of operations) {
    paths[operation.path] = { ...paths[operation.path], [operation.method.toLowerCase()]: toOperationObject(operation) }
  }
  const tags = [...new Set(operations.map(({ tag }) => tag))]
  return {
    openapi: '3.1.0',
    info: { title: 'Management API', version: '2.0', description },
    servers: [{ url: `${issuer}/api/v2` }],
    tags: tags.map((name) => ({ name })),
    paths,
    components: {
      schemas: { User: publicUserSchema, Role: roleSchema, Error: errorSchema },
      securitySchemes: buildSecuritySchemes(issuer),
    },
  }
}

const description = `Users, roles, connections, rules, clients and jobs of an auth server.

A client gets a token with \`grant_type=client_credentials\`: press *Authorize* and enter its id and secret, or a token.
The page forgets them when you leave it.`

function toOperationObject(operation: Operation): Schema {
  return {
    operationId: operation.id,
    tags: [operation.tag],
    summary: operation.summary,
    description: describeOperation(operation),
    parameters: [...listPathParameters(operation), ...listQueryParameters(operation)],
    ...(hasBody(operation) ? { requestBody: { required: true, content: toContent(operation) } } : {}),
    responses: buildResponses(operation),
    security: toSecurity(operation),
    'x-required-scopes': operation.scopes,
  }
}

function toContent({ body, multipart }: Operation): Schema {
  return {
    ...(body === undefined ? {} : { 'application/json': { schema: body } }),
    ...(multipart === undefined ? {} : { 'multipart/form-data': { schema: multipart.schema } }),
  }
}

function listPathParameters({ path, tag }: Operation): readonly Schema[] {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
  return names.map((name) => ({
    name,
    in: 'path',
    required: true,
    ...(tag === 'users' && name === 'id'
      ? { description: 'The `user_id`, such as `auth0|5f7c8ec7c33c6c004bbafe82`.' }
      : {}),
    schema: { type: 'string' },
  }))
}

function listQueryParameters({ query }: Operation): readonly Schema[] {
  const required = (query?.['required'] ?? []) as readonly string[]
  return Object.entries(getSchemaProperties(query)).map(([name, { description: text, ...schema }]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    ...(text === undefined ? {} : { description: text }),
    schema,
  }))
}

/** Any one of the scopes is enough. A client cannot have those for the `current_user`. */
function toSecurity({ scopes }: Operation): readonly Schema[] {
  return [
    ...scopes.filter((scope) => !isForCurrentUser(scope)).map((scope) => ({ client: [scope] })),
    ...scopes.map((scope) => ({ token: [scope] })),
  ]
}

function buildSecuritySchemes(issuer: string): Schema {
  const scopes = Object.fromEntries(clientScopes.map((scope) => [scope, scope.replace(':', ' ').replaceAll('_', ' ')]))
  return {
    token: {
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'JWT',
      description: `An access token whose audience is \`${issuer}/api/v2/\`: a client's, or a user's own.`,
    },
    client: {
      type: 'oauth2',
      description: 'A client with its own id and secret. Without a selection it gets all its scopes.',
      flows: { clientCredentials: { tokenUrl: `${issuer}/oauth/token`, scopes } },
    },
  }
}
