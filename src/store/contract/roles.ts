import type { User } from '../../profile/user/user.ts'
import type { PageRequest } from './page-request.ts'

/** A named set of permissions that users can have. */
export interface Role {
  /** `rol_` and 16 characters. */
  readonly id: string
  /** Unique. */
  readonly name: string
  readonly description?: string | undefined
}

/** A part of the users of a role: `take` of them, after the user id `after` and without the first `skip`. */
export interface RoleUsersQuery {
  readonly after?: string | undefined
  readonly skip?: number | undefined
  readonly take: number
}

export interface RoleStore {
  /** @throws {ClaimsmithError} STORE_CONFLICT if the name is taken. */
  create(role: Omit<Role, 'id'>): Promise<Role>
  get(id: string): Promise<Role | undefined>
  /** One page, sorted by name; with `nameFilter`, only roles whose name contains it, ignoring case. */
  list(query: PageRequest & { readonly nameFilter?: string | undefined }): Promise<{ roles: Role[]; total: number }>
  /** @throws {ClaimsmithError} STORE_CONFLICT if the name is taken. */
  update(id: string, patch: Partial<Omit<Role, 'id'>>): Promise<Role | undefined>
  /** Deletes the role, also from its users. False if there is no such role. */
  delete(id: string): Promise<boolean>
  /** The roles of a user, sorted by name. */
  listByUser(userId: string, page: PageRequest): Promise<{ roles: Role[]; total: number }>
  /** The users who have a role, sorted by id. */
  listUsers(id: string, query: RoleUsersQuery): Promise<User[]>
  /** How many users have a role. */
  countUsers(id: string): Promise<number>
  /**
   * Gives each user each role. A user who has it keeps it.
   *
   * @throws {ClaimsmithError} STORE_CONFLICT if a user or a role does not exist; then nothing was assigned.
   */
  assign(userIds: readonly string[], roleIds: readonly string[]): Promise<void>
  /** Removes the roles from the user. Roles that the user does not have are ignored. */
  unassign(userId: string, roleIds: readonly string[]): Promise<void>
}
