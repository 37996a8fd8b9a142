/** What comes and goes all the time, each under a number that is given once. */
export interface IdTable<T> {
  readonly size: number
  get(id: number): T | undefined
  add(id: number, value: T): void
  /** Removes it; undefined where there was none. */
  delete(id: number): T | undefined
  /** Those of now, by their numbers. */
  values(): readonly T[]
}

const none: readonly never[] = []

/**
 * A `Map` would be the obvious thing. As its entries come and go V8 copies it again and again, and leaves each copy behind
 * with what it held and a way to the next. Once one of them has grown old, all that follow, and so every login, live on till
 * the next full collection: that was a quarter of what a login cost the embedder's process.
 */
export function createIdTable<T>(): IdTable<T> {
  const byId = Object.create(null) as Record<number, T>
  let size = 0
  return {
    get size() {
      return size
    },
    get: (id) => byId[id],
    add(id, value) {
      if (!(id in byId)) size++
      byId[id] = value
    },
    delete(id) {
      const value = byId[id]
      if (value === undefined) return undefined
      delete byId[id]
      size--
      return value
    },
    values: () => (size === 0 ? none : Object.values(byId)),
  }
}
