import { type AttributeUse, renderUseTable } from '../../../profile/attributes/render-attribute-table.ts'
import { newUserBody, userPatchBody } from '../../../profile/user/user-bodies.ts'
import type { Operation } from '../operation.ts'

/** Describes an operation in Markdown, for the documentation below its summary. */
export function describeOperation(operation: Operation): string {
  const scopes = operation.scopes.map((scope) => `\`${scope}\``).join(' or ')
  const hasCurrentUserScope = operation.scopes.some((scope) => scope.includes(':current_user'))
  const limit = hasCurrentUserScope ? "; one for the `current_user` only on that user's own path" : ''
  return [`Needs ${scopes}${limit}.`, ...describeAttributes(operation)].join('\n\n')
}

function describeAttributes(operation: Operation): readonly string[] {
  const use = findAttributeUse(operation)
  if (use !== undefined) return [`${heading} ${uses[use]}`, renderUseTable(use)]
  if (operation.attributes !== undefined) return [`${heading} ${operation.attributes}`]
  return operation.tag === 'users' ? [`${heading} Views and alters none.`] : []
}

const heading = '**Profile attributes.**'

const uses: Readonly<Record<AttributeUse, string>> = {
  view: 'Views these:',
  search: 'Searches and views these:',
  create: 'Takes and views these:',
  update: 'Alters and views these, as far as the connection of the user allows:',
}

function findAttributeUse({ query, body, success }: Operation): AttributeUse | undefined {
  if (body === newUserBody) return 'create'
  if (body === userPatchBody) return 'update'
  if (!JSON.stringify(success.body ?? {}).includes('#/components/schemas/User"')) return undefined
  return 'q' in getSchemaProperties(query) ? 'search' : 'view'
}

/** The properties of an object schema. */
export function getSchemaProperties(
  schema: Operation['query'],
): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  return (schema?.['properties'] ?? {}) as ReturnType<typeof getSchemaProperties>
}
