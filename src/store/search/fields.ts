import type { FlagColumn, IdentityColumn, JsonDocument, TextColumn } from './condition.ts'
import type { FieldName } from './parse-query.ts'
import { createQueryError } from './query-error.ts'

/** The place and the type of a field's values. */
export type Field =
  /** `isNormalized`: case is ignored. */
  | { readonly kind: 'text'; readonly column: TextColumn; readonly isNormalized: boolean }
  | { readonly kind: 'date'; readonly column: TextColumn }
  | { readonly kind: 'flag'; readonly column: FlagColumn }
  | { readonly kind: 'loginsCount' }
  | { readonly kind: 'identity'; readonly column: IdentityColumn }
  | { readonly kind: 'identityJson'; readonly path: readonly string[] }
  | { readonly kind: 'json'; readonly document: JsonDocument; readonly path: readonly string[] }

const toTextField = (column: TextColumn): Field => ({ kind: 'text', column, isNormalized: false })
const toNormalizedField = (column: TextColumn): Field => ({ kind: 'text', column, isNormalized: true })
const toDateField = (column: TextColumn): Field => ({ kind: 'date', column })
const toFlagField = (column: FlagColumn): Field => ({ kind: 'flag', column })

/** Root attributes that have a column. */
const columns: ReadonlyMap<string, Field> = new Map([
  ['user_id', toTextField('user_id')],
  ['email', toNormalizedField('email_folded')],
  ['email.domain', toNormalizedField('email_domain')],
  ['email_verified', toFlagField('email_verified')],
  ['username', toTextField('username')],
  ['phone_number', toTextField('phone_number')],
  ['phone_verified', toFlagField('phone_verified')],
  ['name', toNormalizedField('name_folded')],
  ['given_name', toNormalizedField('given_name_folded')],
  ['family_name', toNormalizedField('family_name_folded')],
  ['nickname', toNormalizedField('nickname_folded')],
  ['picture', toTextField('picture')],
  ['blocked', toFlagField('blocked')],
  ['created_at', toDateField('created_at')],
  ['updated_at', toDateField('updated_at')],
  ['last_login', toDateField('last_login')],
  ['last_ip', toTextField('last_ip')],
  ['logins_count', { kind: 'loginsCount' }],
])

const identityColumns: ReadonlyMap<string, IdentityColumn> = new Map([
  ['connection', 'connection'],
  ['provider', 'provider'],
  ['user_id', 'identity_id'],
])

/** The fields that a term without a field is searched in. */
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

/** @throws {ClaimsmithError} INVALID_QUERY if the field cannot be searched. */
export function resolveField({ name, at }: FieldName): Field {
  const column = columns.get(name)
  if (column !== undefined) return column
  const [root = '', ...path] = name.split('.')
  rejectSecret(root, at)
  if (root === '' || path.includes('')) throw createQueryError(`The field ${name} has an empty name in its path.`, at)
  if (root === 'identities') return resolveIdentityField(path, at)
  if (root === 'app_metadata' || root === 'user_metadata') return { kind: 'json', document: root, path }
  return { kind: 'json', document: 'attributes', path: [root, ...path] }
}

function resolveIdentityField(path: readonly string[], at: number): Field {
  const [name = '', ...rest] = path
  const column = identityColumns.get(name)
  if (column !== undefined && rest.length === 0) return { kind: 'identity', column }
  if ((name === 'isSocial' && rest.length === 0) || name === 'profileData') return { kind: 'identityJson', path }
  const searchableNames = [...identityColumns.keys(), 'isSocial', 'profileData.<name>'].map(
    (field) => `identities.${field}`,
  )
  throw createQueryError(`Of identities, these can be searched: ${searchableNames.join(', ')}.`, at)
}

/**
 * The field of a root attribute to sort by.
 *
 * @throws {ClaimsmithError} INVALID_QUERY if users cannot be sorted by it.
 */
export function resolveSortField(name: string): Field {
  if (/^(?:identities|app_metadata|user_metadata)$/.test(name) || !/^[^.\s\0]+$/.test(name)) {
    throw createQueryError(
      'Users are sorted by a root attribute, such as created_at; not by metadata, identities or a path.',
    )
  }
  if (!name.isWellFormed()) throw createQueryError('The attribute to sort by must be well-formed Unicode.')
  return resolveField({ name, at: 0 })
}

function rejectSecret(root: string, at: number): void {
  if (/^password(?:_?hash)?$/i.test(root)) throw createQueryError(`Users cannot be searched or sorted by ${root}.`, at)
}
