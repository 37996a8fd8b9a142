import type { PageRequest } from './page-request.ts'

/** A program that logs users in, or calls the Management API. */
export interface Client {
  readonly client_id: string
  readonly name: string
  readonly description?: string | undefined
  readonly app_type?: string | undefined
  readonly grant_types: readonly string[]
  readonly redirect_uris?: readonly string[] | undefined
  readonly client_metadata?: Readonly<Record<string, string>> | undefined
  /** What client_credentials may ask of `audience`. */
  readonly scopes?: readonly string[] | undefined
  readonly audience?: string | undefined
}

export type NewClient = Client & { readonly client_secret: string }

/** Each member that is given replaces the old one; `null` unsets it. The old secret ends when there is a new one. */
export type ClientPatch = {
  readonly [Member in keyof Omit<NewClient, 'client_id'>]?: NewClient[Member] | null
}

export interface ClientStore {
  /** One page, by client_id; `total` counts every page. */
  list(page: PageRequest): Promise<{ readonly clients: readonly Client[]; readonly total: number }>
  get(clientId: string): Promise<Client | undefined>
  /**
   * Keeps a client, and its secret as a SHA-256 hash: use a random secret of 128 bits or more.
   *
   * @throws {ClaimsmithError} STORE_CONFLICT when the client_id is taken.
   */
  create(client: NewClient): Promise<Client>
  /** Undefined when there is no such client. @throws {ClaimsmithError} INVALID_ARGUMENT when a name, grants or secret is unset. */
  update(clientId: string, patch: ClientPatch): Promise<Client | undefined>
  /** Deletes the client: it can use no refresh token any more. False when there was none. */
  delete(clientId: string): Promise<boolean>
  /** The client, when the secret is right; compared in constant time. */
  authenticate(clientId: string, clientSecret: string): Promise<Client | undefined>
}
