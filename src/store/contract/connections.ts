import type { Connection } from '../../profile/context/connection.ts'

export type NewConnection = Omit<Connection, 'id' | 'options'> & Partial<Pick<Connection, 'options'>>

/** Each member that is given replaces the old one; `null` unsets. A secret option that is not repeated stays. */
export interface ConnectionPatch {
  readonly display_name?: string | null | undefined
  readonly options?: Connection['options'] | undefined
  readonly enabled_clients?: readonly string[] | null | undefined
  readonly metadata?: Connection['metadata'] | null | undefined
}

export interface ConnectionQuery {
  /** From 0. */
  readonly page: number
  readonly perPage: number
  readonly strategy?: string | undefined
  readonly name?: string | undefined
  /** Only those whose name comes after this one. */
  readonly after?: string | undefined
}

/** The connections; a new store has one, the database `Username-Password-Authentication`. */
export interface ConnectionStore {
  /** One page, by name; `total` counts every page. */
  list(query: ConnectionQuery): Promise<{ readonly connections: readonly Connection[]; readonly total: number }>
  get(id: string): Promise<Connection | undefined>
  getByName(name: string): Promise<Connection | undefined>
  /** Every connection whose `options.issuer` is exactly this, by name. */
  findByIssuer(issuer: string): Promise<Connection[]>
  /** @throws {ClaimsmithError} STORE_CONFLICT when the name is taken; INVALID_ARGUMENT on a bad member. */
  create(connection: NewConnection): Promise<Connection>
  /** Undefined when there is no such connection. @throws {ClaimsmithError} INVALID_ARGUMENT on a bad member. */
  update(id: string, patch: ConnectionPatch): Promise<Connection | undefined>
  /**
   * Adds clients to `enabled_clients` (`true`), or takes them out (`false`); false when there is no such connection.
   *
   * @throws {ClaimsmithError} INVALID_ARGUMENT when one is taken out while there is no list: every client may use it.
   */
  enable(id: string, clients: ReadonlyMap<string, boolean>): Promise<boolean>
  /** False when there was none. @throws {ClaimsmithError} STORE_CONFLICT while there are users of this connection. */
  delete(id: string): Promise<boolean>
  /** Notes an assertion's `jti` until it expires; false when this connection has had it before. */
  useAssertion(assertion: UsedAssertion): Promise<boolean>
}

export interface UsedAssertion {
  readonly connectionId: string
  readonly jti: string
  readonly expiresAtMs: number
}
