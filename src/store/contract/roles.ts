import type { User } from '../../profile/user/user.ts'
import type { PageRequest } from './page-request.ts'

/** A name for what some users may do. */
export interface Role {
  /** `rol_` and 16 characters. */
  readonly id: string
  /** Unique. */
  readonly name: string
  readonly description?: string | undefined
}

/** Which users of a role: those after this user's id, without the first `skip` of them. */
export interface RoleUsersQuery {
  readonly after?: string | undefined
  readonly skip?: number | undefined
  readonly take: number
}

export interface RoleStore {
  /** @throws {ClaimsmithError} STORE_CONFLICT when the name is taken. */
  create(role: Omit<Role, 'id'>): Promise<Role>
  get(id: string): Promise<Role | undefined>
  /** By name; of those whose name contains `nameFilter`, in any case. */
  list(query: PageRequest & { readonly nameFilter?: string | undefined }): Promise<{ roles: Role[]; total: number }>
  /** @throws {ClaimsmithError} STORE_CONFLICT when the name is taken. */
  update(id: string, patch: Partial<Omit<Role, 'id'>>): Promise<Role | undefined>
  /** Deletes the role and takes it from everybody. False when there was none. */
  delete(id: string): Promise<boolean>
  /** The roles of a user, by name. */
  listByUser(userId: string, page: PageRequest): Promise<{ roles: Role[]; total: number }>
  /** The users who have a role, in the order of their ids. */
  listUsers(id: string, query: RoleUsersQuery): Promise<User[]>
  /** How many users have a role. */
  countUsers(id: string): Promise<number>
  /**
   * Gives each user each role; those who have it keep it.
   *
   * @throws {ClaimsmithError} STORE_CONFLICT when a user or a role is not there; nobody got anything then.
   */
  assign(userIds: readonly string[], roleIds: readonly string[]): Promise<void>
  /** Takes the roles from the user; those the user does not have are no error. */
  unassign(userId: string, roleIds: readonly string[]): Promise<void>
}
