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
  /** The scopes that client_credentials may request for `audience`. */
  readonly scopes?: readonly string[] | undefined
  readonly audience?: string | undefined
}

export type NewClient = Client & { readonly client_secret: string }

/** A member replaces the stored one; `null` removes it. A new secret invalidates the old one. */
export type ClientPatch = {
  readonly [Member in keyof Omit<NewClient, 'client_id'>]?: NewClient[Member] | null
}

export interface ClientStore {
  /** One page, sorted by client_id. `total` counts the clients of all pages. */
  list(page: PageRequest): Promise<{ readonly clients: readonly Client[]; readonly total: number }>
  get(clientId: string): Promise<Client | undefined>
  /**
   * Stores a client, and the SHA-256 hash of its secret. Use a random secret of at least 128 bits: the hash is not slow.
   *
   * @throws {ClaimsmithError} STORE_CONFLICT if the client_id is taken.
   */
  create(client: NewClient): Promise<Client>
  /**
   * Changes a client. Undefined if there is no such client.
   *
   * @throws {ClaimsmithError} INVALID_ARGUMENT if the patch removes `name`, `grant_types` or `client_secret`.
   */
  update(clientId: string, patch: ClientPatch): Promise<Client | undefined>
  /** Deletes the client; it can no longer use its refresh tokens. False if there is no such client. */
  delete(clientId: string): Promise<boolean>
  /** The client if the secret is right. Secrets are compared in constant time. */
  authenticate(clientId: string, clientSecret: string): Promise<Client | undefined>
}
