const verbs = ['read', 'create', 'update', 'delete'] as const
const resources = ['users', 'clients', 'connections', 'rules', 'roles', 'role_members'] as const

type Verb = (typeof verbs)[number]
type Resource = (typeof resources)[number]

/** The scopes of the Management API that a client may be given. */
export type ClientScope =
  | `${Verb}:${Resource}`
  | 'read:users_app_metadata'
  | 'update:users_app_metadata'
  | 'create:users_app_metadata'
  | 'delete:users_app_metadata'
  | 'read:user_idp_tokens'
  | 'read:rules_configs'
  | 'update:rules_configs'
  | 'delete:rules_configs'
  | 'read:logs'
  | 'read:logs_users'

/** What a user's own token may do, to that user alone. */
export type CurrentUserScope =
  | 'read:current_user'
  | 'update:current_user_metadata'
  | 'create:current_user_metadata'
  | 'delete:current_user_metadata'
  | 'update:current_user_identities'
  | 'delete:current_user'

export type ManagementScope = ClientScope | CurrentUserScope

/** Every scope that a client may be given. */
export const clientScopes: readonly ClientScope[] = [
  ...[...resources, 'users_app_metadata' as const].flatMap((resource) =>
    verbs.map((verb) => `${verb}:${resource}` as const),
  ),
  'read:user_idp_tokens',
  'read:rules_configs',
  'update:rules_configs',
  'delete:rules_configs',
  'read:logs',
  'read:logs_users',
]

export function isForCurrentUser(scope: string): boolean {
  return /:current_user(_|$)/.test(scope)
}
