import { compileErrors, validate } from '@readme/openapi-parser'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { operations } from '../../../src/http/management/operations.ts'
import { attributeRows } from '../../../src/profile/attributes/attributes.ts'
import { issuer, useServer } from '../server.ts'
import { type Answer, useCalls, userPath } from './calls.ts'

interface Document {
  readonly openapi: string
  readonly servers: readonly { readonly url: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>
  readonly components: {
    readonly schemas: Readonly<Record<string, { readonly properties: object }>>
    readonly securitySchemes: { readonly client: { readonly flows: unknown } }
  }
}

interface Described {
  readonly operationId: string
  readonly description: string
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly required: boolean }[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: { properties?: object } }>> }
  readonly responses: Readonly<Record<string, { readonly content?: object; readonly headers: object }>>
  readonly security: readonly Readonly<Record<string, readonly string[]>>[]
  readonly 'x-required-scopes': readonly string[]
}

type Case = [method: string, path: string, url: () => string, body?: object]

const fixture = useServer([])
const { call } = useCalls(fixture)

async function served(): Promise<Document> {
  const response = await fixture.get('/api/v2/openapi.json')
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toContain('application/json')
  return (await response.json()) as Document
}

function operationsOf({ paths }: Document): readonly Described[] {
  return Object.values(paths).flatMap((methods) => Object.values(methods))
}

describe('the OpenAPI document', () => {
  test('is served without a token, and valid OpenAPI 3.1', async () => {
    const document = await served()
    expect(document.openapi).toBe('3.1.0')
    expect(document.servers).toEqual([{ url: `${issuer}/api/v2` }])
    const result = await validate(structuredClone(document) as never)
    expect(result.valid, result.valid ? '' : compileErrors(result)).toBe(true)
  })

  test('has every operation, with its parameters, body, answers and scopes', async () => {
    const document = await served()
    for (const one of operations) {
      const described = document.paths[one.path]?.[one.method.toLowerCase()]
      expect(described).toMatchObject({ operationId: one.id, 'x-required-scopes': one.scopes })
      const inPath = [...one.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
      expect(described?.parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name)).toEqual(
        inPath,
      )
      const query = Object.keys(one.query?.['properties'] ?? {})
      expect(described?.parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name)).toEqual(
        query,
      )
      expect(described?.requestBody === undefined).toBe((one.body ?? one.multipart) === undefined)
      expect(described?.responses).toHaveProperty(String(one.success.status))
      for (const [status, answer] of Object.entries(described?.responses ?? {})) {
        expect(Object.keys(answer.headers)).toContain('X-RateLimit-Remaining')
        if (Number(status) >= 400) expect(JSON.stringify(answer.content)).toContain('#/components/schemas/Error')
      }
      const named = described?.security.flatMap((requirement) => Object.values(requirement).flat())
      expect(new Set(named)).toEqual(new Set(one.scopes))
    }
    expect(operationsOf(document)).toHaveLength(operations.length)
  })

  test('says for each users operation which attributes are viewed or altered', async () => {
    const users = operationsOf(await served()).filter(({ 'x-required-scopes': scopes }) =>
      scopes.join().includes('users'),
    )
    for (const { description, operationId } of users) expect(description, operationId).toContain('Profile attributes.')
    const update = users.find(({ operationId }) => operationId === 'updateUser')
    for (const [name] of attributeRows) expect(update?.description).toContain(`| \`${name}\` |`)
    expect(update?.description).toContain('| `user_id` | yes | never |')
    expect(update?.description).toContain('| `password` | no | user of a database or passwordless connection |')
  })

  test('shows nobody a password, and lets nobody set what cannot be set', async () => {
    const document = await served()
    expect(Object.keys(document.components.schemas['User']?.properties ?? {})).not.toContain('password')
    const body = document.paths['/users/{id}']?.['patch']?.requestBody?.content['application/json']?.schema
    const settable = attributeRows.filter(([, { update }]) => update !== 'never').map(([name]) => name)
    expect(Object.keys(body?.properties ?? {})).toEqual(expect.arrayContaining(settable))
    expect(Object.keys(body?.properties ?? {})).not.toContain('identities')
  })

  test('has a body in parts where an operation declares one', async () => {
    const content = (await served()).paths['/jobs/users-imports']?.['post']?.requestBody?.content ?? {}
    expect(Object.keys(content)).toEqual(['multipart/form-data'])
    expect(Object.keys(content['multipart/form-data']?.schema.properties ?? {})).toContain('users')
  })
})

describe('what it says of answers is true of', () => {
  const cases: readonly Case[] = [
    ['GET', '/users', () => '/users'],
    ['GET', '/users', () => '/users?include_totals=true'],
    ['GET', '/users/{id}', () => userPath(fixture.adaId)],
    ['GET', '/users/{id}', () => '/users/nobody'],
    ['PATCH', '/users/{id}', () => userPath(fixture.adaId), { nickname: 'ada' }],
    ['PATCH', '/users/{id}', () => userPath(fixture.adaId), { identities: [] }],
    ['GET', '/users/{id}/roles', () => `${userPath(fixture.adaId)}/roles?include_totals=true`],
    ['GET', '/roles', () => '/roles'],
    ['POST', '/roles', () => '/roles', { name: 'documented' }],
    ['GET', '/connections', () => '/connections?include_totals=true'],
    ['POST', '/connections', () => '/connections', { name: 'documented', strategy: 'oidc' }],
  ]

  test.each<Case>(cases)('%s %s, case %#', async (...[method, path, url, body]) => {
    const document = await served()
    const answer: Answer = await call(method, url(), body)
    const described = document.paths[path]?.[method.toLowerCase()]?.responses[answer.status]
    const ajv = new Ajv2020({ strict: false, validateFormats: false })
    const pointer = ['paths', path, method.toLowerCase(), 'responses', String(answer.status)]
    const inside = [...pointer, 'content', 'application/json', 'schema']
    ajv.addSchema(document, 'document')
    const escaped = inside.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')))
    expect(described?.content).toBeDefined()
    expect(ajv.validate({ $ref: `document#/${escaped.join('/')}` }, answer.body), ajv.errorsText()).toBe(true)
  })
})
