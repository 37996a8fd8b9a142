const verbs = ['read', 'create', 'update', 'delete'] as const
const resources = ['users', 'clients', 'connections', 'rules', 'roles', 'role_members'] as const

type Verb = (typeof verbs)[number]
type Resource = (typeof resources)[number]

/** The scopes that a client may have. */
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

/** The scopes of a user's own token, for that user only. */
export type CurrentUserScope =
  | 'read:current_user'
  | 'update:current_user_metadata'
  | 'create:current_user_metadata'
  | 'delete:current_user_metadata'
  | 'update:current_user_identities'
  | 'delete:current_user'

export type ManagementScope = ClientScope | CurrentUserScope

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
