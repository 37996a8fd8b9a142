import { type AttributeUse, attributeTableOf } from '../../../profile/attributes/attribute-table.ts'
import { newUserBody, userPatchBody } from '../../../profile/user/user-bodies.ts'
import type { Operation } from '../operation.ts'

/** What the documentation says of an operation below its summary, in Markdown. */
export function describe(one: Operation): string {
  const scopes = one.scopes.map((scope) => `\`${scope}\``).join(' or ')
  const own = one.scopes.some((scope) => scope.includes(':current_user'))
  const limit = own ? "; one for the `current_user` opens that user's own path alone" : ''
  return [`Needs ${scopes}${limit}.`, ...attributesOf(one)].join('\n\n')
}

function attributesOf(one: Operation): readonly string[] {
  const use = useOf(one)
  if (use !== undefined) return [`${heading} ${uses[use]}`, attributeTableOf(use)]
  if (one.attributes !== undefined) return [`${heading} ${one.attributes}`]
  return one.tag === 'users' ? [`${heading} Views and alters none.`] : []
}

const heading = '**Profile attributes.**'

const uses: Readonly<Record<AttributeUse, string>> = {
  view: 'Views these:',
  search: 'Searches and views these:',
  create: 'Takes and views these:',
  update: 'Alters and views these, as far as the connection of the user allows:',
}

function useOf({ query, body, success }: Operation): AttributeUse | undefined {
  if (body === newUserBody) return 'create'
  if (body === userPatchBody) return 'update'
  if (!JSON.stringify(success.body ?? {}).includes('#/components/schemas/User"')) return undefined
  return 'q' in propertiesOf(query) ? 'search' : 'view'
}

/** The properties of an object schema. */
export function propertiesOf(schema: Operation['query']): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  return (schema?.['properties'] ?? {}) as ReturnType<typeof propertiesOf>
}
