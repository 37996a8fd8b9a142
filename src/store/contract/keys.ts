/** A private JWK. */
export type StoredKey = Readonly<Record<string, unknown>>

export interface KeyStore {
  /** The keys, newest first, in the order in which they were saved. */
  load(): Promise<StoredKey[]>
  /** Saves the keys unless there are some already, and returns those that count: safe when several processes start at once. */
  initialise(keys: readonly StoredKey[]): Promise<StoredKey[]>
  /** Replaces all keys, whole. */
  save(keys: readonly StoredKey[]): Promise<void>
}
