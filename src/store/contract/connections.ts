import type { Connection } from '../../profile/context/connection.ts'

export type NewConnection = Omit<Connection, 'id' | 'options'> & Partial<Pick<Connection, 'options'>>

/** A member replaces the stored one; `null` removes it. A secret option that is absent from `options` is kept. */
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
  /** Only connections whose name sorts after this one. */
  readonly after?: string | undefined
}

/** The connections. A new store has one: the database connection `Username-Password-Authentication`. */
export interface ConnectionStore {
  /** One page, sorted by name. `total` counts the connections of all pages. */
  list(query: ConnectionQuery): Promise<{ readonly connections: readonly Connection[]; readonly total: number }>
  get(id: string): Promise<Connection | undefined>
  getByName(name: string): Promise<Connection | undefined>
  /** Every connection whose `options.issuer` equals `issuer`, sorted by name. */
  findByIssuer(issuer: string): Promise<Connection[]>
  /** @throws {ClaimsmithError} STORE_CONFLICT if the name is taken; INVALID_ARGUMENT if a member is malformed. */
  create(connection: NewConnection): Promise<Connection>
  /**
   * Changes a connection. Undefined if there is no such connection.
   *
   * @throws {ClaimsmithError} INVALID_ARGUMENT if a member is malformed, or `name` or `strategy` would change.
   */
  update(id: string, patch: ConnectionPatch): Promise<Connection | undefined>
  /**
   * Adds clients to `enabled_clients` (`true`) or removes them (`false`). Returns false if there is no such connection.
   *
   * @throws {ClaimsmithError} INVALID_ARGUMENT if a client is to be removed and there is no list, so that every client may
   * use the connection.
   */
  enable(id: string, clients: ReadonlyMap<string, boolean>): Promise<boolean>
  /** False if there is no such connection. @throws {ClaimsmithError} STORE_CONFLICT while the connection has users. */
  delete(id: string): Promise<boolean>
  /** Records an assertion's `jti` until the assertion expires. False if this connection recorded it before. */
  useAssertion(assertion: UsedAssertion): Promise<boolean>
}

export interface UsedAssertion {
  readonly connectionId: string
  readonly jti: string
  readonly expiresAtMs: number
}
