import type { Ops } from '../driver/ops.ts'
import { toJson, toText } from '../../wire/primordials.ts'
import { type Pair, isMatch, setPair, sortPairs } from './query-pairs.ts'
import { createQueryStore } from './query-store.ts'

export interface SearchParams {
  readonly URLSearchParams: new (init?: unknown) => object
  /** Calls `onChange` with the new query after each change of `params`. */
  link(params: object, onChange: (query: string) => void): void
  /** Replaces the pairs of `params`, after its URL has changed. */
  reload(params: object, query: string): void
}

/** `URLSearchParams` (WHATWG URL). The host parses and writes the query text. */
export function createSearchParams(ops: Ops): SearchParams {
  const store = createQueryStore(ops)

  class URLSearchParams {
    constructor(init?: unknown) {
      store.add(this, init)
    }
    get size(): number {
      return store.getPairs(this).length
    }
    append(name: unknown, value: unknown): void {
      store.change(this, (pairs) => [...pairs, [toText(name), toText(value)]])
    }
    delete(name: unknown, value?: unknown): void {
      store.change(this, (pairs) => pairs.filter((pair) => !isMatch(pair, name, value)))
    }
    get(name: unknown): string | null {
      return store.getPairs(this).find((pair) => isMatch(pair, name))?.[1] ?? null
    }
    getAll(name: unknown): string[] {
      return store
        .getPairs(this)
        .filter((pair) => isMatch(pair, name))
        .map((pair) => pair[1])
    }
    has(name: unknown, value?: unknown): boolean {
      return store.getPairs(this).some((pair) => isMatch(pair, name, value))
    }
    set(name: unknown, value: unknown): void {
      store.change(this, (pairs) => setPair(pairs, name, value))
    }
    sort(): void {
      store.change(this, sortPairs)
    }
    forEach(visit: (value: string, name: string, params: URLSearchParams) => void, self?: unknown): void {
      for (const [name, value] of store.getPairs(this)) visit.call(self, value, name, this)
    }
    keys(): IterableIterator<string> {
      return store
        .getPairs(this)
        .map((pair) => pair[0])
        .values()
    }
    values(): IterableIterator<string> {
      return store
        .getPairs(this)
        .map((pair) => pair[1])
        .values()
    }
    entries(): IterableIterator<Pair> {
      return store
        .getPairs(this)
        .map(([name, value]): Pair => [name, value])
        .values()
    }
    [Symbol.iterator](): IterableIterator<Pair> {
      return this.entries()
    }
    toString(): string {
      return ops.ask('query', toJson(store.getPairs(this)))
    }
    get [Symbol.toStringTag](): string {
      return 'URLSearchParams'
    }
  }

  return { URLSearchParams, link: store.link, reload: store.reload }
}
