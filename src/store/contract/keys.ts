/** A private JWK. */
export type StoredKey = Readonly<Record<string, unknown>>

export interface KeyStore {
  /** The keys, newest first, in the order in which they were saved. */
  load(): Promise<StoredKey[]>
  /** Saves the keys if the store has none, and returns the stored keys. Several processes may call it at the same time. */
  initialise(keys: readonly StoredKey[]): Promise<StoredKey[]>
  /** Replaces all keys. */
  save(keys: readonly StoredKey[]): Promise<void>
}
