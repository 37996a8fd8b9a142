import type { FlagColumn, IdentityColumn, JsonDocument, TextColumn } from './condition.ts'
import type { FieldName } from './parse.ts'
import { invalidQuery } from './refuse.ts'

/** Where the values of a field are, and of which type they are. */
export type Field =
  /** `folded`: upper and lower case are the same. */
  | { readonly kind: 'text'; readonly column: TextColumn; readonly folded: boolean }
  | { readonly kind: 'date'; readonly column: TextColumn }
  | { readonly kind: 'flag'; readonly column: FlagColumn }
  | { readonly kind: 'loginsCount' }
  | { readonly kind: 'identity'; readonly column: IdentityColumn }
  | { readonly kind: 'identityJson'; readonly path: readonly string[] }
  | { readonly kind: 'json'; readonly document: JsonDocument; readonly path: readonly string[] }

const text = (column: TextColumn): Field => ({ kind: 'text', column, folded: false })
const folded = (column: TextColumn): Field => ({ kind: 'text', column, folded: true })
const date = (column: TextColumn): Field => ({ kind: 'date', column })
const flag = (column: FlagColumn): Field => ({ kind: 'flag', column })

/** Root attributes that are kept in a column. */
const columns: ReadonlyMap<string, Field> = new Map([
  ['user_id', text('user_id')],
  ['email', folded('email_folded')],
  ['email.domain', folded('email_domain')],
  ['email_verified', flag('email_verified')],
  ['username', text('username')],
  ['phone_number', text('phone_number')],
  ['phone_verified', flag('phone_verified')],
  ['name', folded('name_folded')],
  ['given_name', folded('given_name_folded')],
  ['family_name', folded('family_name_folded')],
  ['nickname', folded('nickname_folded')],
  ['picture', text('picture')],
  ['blocked', flag('blocked')],
  ['created_at', date('created_at')],
  ['updated_at', date('updated_at')],
  ['last_login', date('last_login')],
  ['last_ip', text('last_ip')],
  ['logins_count', { kind: 'loginsCount' }],
])

const identityColumns: ReadonlyMap<string, IdentityColumn> = new Map([
  ['connection', 'connection'],
  ['provider', 'provider'],
  ['user_id', 'identity_id'],
])

/** Where a term without a field is looked for. */
export const defaultFields: readonly Field[] = [
  'user_id',
  'email',
  'username',
  'phone_number',
  'name',
  'given_name',
  'family_name',
  'nickname',
].flatMap((name) => columns.get(name) ?? [])

/** @throws {ClaimsmithError} INVALID_QUERY when it cannot be searched */
export function fieldOf({ name, at }: FieldName): Field {
  const column = columns.get(name)
  if (column !== undefined) return column
  const [root = '', ...path] = name.split('.')
  refuseSecret(root, at)
  if (root === '' || path.includes('')) throw invalidQuery(`The field ${name} has an empty name in its path.`, at)
  if (root === 'identities') return identityField(path, at)
  if (root === 'app_metadata' || root === 'user_metadata') return { kind: 'json', document: root, path }
  return { kind: 'json', document: 'attributes', path: [root, ...path] }
}

function identityField(path: readonly string[], at: number): Field {
  const [name = '', ...rest] = path
  const column = identityColumns.get(name)
  if (column !== undefined && rest.length === 0) return { kind: 'identity', column }
  if ((name === 'isSocial' && rest.length === 0) || name === 'profileData') return { kind: 'identityJson', path }
  const known = [...identityColumns.keys(), 'isSocial', 'profileData.<name>'].map((field) => `identities.${field}`)
  throw invalidQuery(`Of identities, these can be searched: ${known.join(', ')}.`, at)
}

/**
 * Where the values are that users are sorted by.
 *
 * @throws {ClaimsmithError} INVALID_QUERY when users cannot be sorted by it
 */
export function sortFieldOf(name: string): Field {
  if (/^(?:identities|app_metadata|user_metadata)$/.test(name) || !/^[^.\s\0]+$/.test(name)) {
    throw invalidQuery(
      'Users are sorted by a root attribute, such as created_at; not by metadata, identities or a path.',
    )
  }
  if (!name.isWellFormed()) throw invalidQuery('The attribute to sort by must be well-formed Unicode.')
  return fieldOf({ name, at: 0 })
}

function refuseSecret(root: string, at: number): void {
  if (/^password(?:_?hash)?$/i.test(root)) throw invalidQuery(`Nobody can search or sort by ${root}.`, at)
}
