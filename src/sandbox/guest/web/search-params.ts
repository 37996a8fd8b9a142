import type { Ops } from '../driver/ops.ts'
import { parseJson, stringOf, toJson } from '../../wire/primordials.ts'

type Pair = [string, string]

interface State {
  pairs: Pair[]
  /** Tells the URL whose query this is. */
  onChange: (() => void) | undefined
}

export interface SearchParams {
  readonly URLSearchParams: new (init?: unknown) => object
  /** Ties `params` to the URL whose query it is. */
  link(params: object, onChange: (query: string) => void): void
  /** Takes the query that its URL has now. */
  reload(params: object, query: string): void
}

/** `URLSearchParams` (WHATWG URL); the host reads and writes the text form. */
export function createSearchParams(ops: Ops): SearchParams {
  const states = new WeakMap<object, State>()

  function stateOf(params: object): State {
    const state = states.get(params)
    if (state === undefined) throw new TypeError('this is no URLSearchParams')
    return state
  }

  function change(params: object, edit: (pairs: Pair[]) => Pair[]): void {
    const state = stateOf(params)
    state.pairs = edit(state.pairs)
    state.onChange?.()
  }

  function pairsOf(init: unknown): Pair[] {
    if (typeof init === 'object' && init !== null) {
      const pairs = Symbol.iterator in init ? [...(init as Iterable<unknown>)] : Object.entries(init)
      return pairs.map((pair) => {
        const both = [...(pair as Iterable<unknown>)]
        if (both.length !== 2) throw new TypeError('each query pair is a name and a value')
        return [stringOf(both[0]), stringOf(both[1])]
      })
    }
    return parseJson(ops.ask('pairs', init === undefined ? '' : stringOf(init))) as Pair[]
  }

  class URLSearchParams {
    constructor(init?: unknown) {
      states.set(this, { pairs: pairsOf(init), onChange: undefined })
    }
    get size(): number {
      return stateOf(this).pairs.length
    }
    append(name: unknown, value: unknown): void {
      change(this, (pairs) => [...pairs, [stringOf(name), stringOf(value)]])
    }
    delete(name: unknown, value?: unknown): void {
      change(this, (pairs) => pairs.filter((pair) => !matches(pair, name, value)))
    }
    get(name: unknown): string | null {
      return stateOf(this).pairs.find((pair) => matches(pair, name))?.[1] ?? null
    }
    getAll(name: unknown): string[] {
      const found = stateOf(this).pairs.filter((pair) => matches(pair, name))
      return found.map((pair) => pair[1])
    }
    has(name: unknown, value?: unknown): boolean {
      return stateOf(this).pairs.some((pair) => matches(pair, name, value))
    }
    set(name: unknown, value: unknown): void {
      change(this, (pairs) => {
        const first = pairs.findIndex((pair) => matches(pair, name))
        const entry: Pair = [stringOf(name), stringOf(value)]
        if (first < 0) return [...pairs, entry]
        return pairs
          .map((pair, index) => (index === first ? entry : pair))
          .filter((pair, index) => index === first || !matches(pair, name))
      })
    }
    sort(): void {
      change(this, (pairs) => pairs.toSorted((a, b) => (a[0] < b[0] ? -1 : Number(a[0] > b[0]))))
    }
    forEach(visit: (value: string, name: string, params: URLSearchParams) => void, self?: unknown): void {
      for (const [name, value] of stateOf(this).pairs) visit.call(self, value, name, this)
    }
    keys(): IterableIterator<string> {
      return stateOf(this)
        .pairs.map((pair) => pair[0])
        .values()
    }
    values(): IterableIterator<string> {
      return stateOf(this)
        .pairs.map((pair) => pair[1])
        .values()
    }
    entries(): IterableIterator<Pair> {
      return stateOf(this)
        .pairs.map(([name, value]): Pair => [name, value])
        .values()
    }
    [Symbol.iterator](): IterableIterator<Pair> {
      return this.entries()
    }
    toString(): string {
      return ops.ask('query', toJson(stateOf(this).pairs))
    }
    get [Symbol.toStringTag](): string {
      return 'URLSearchParams'
    }
  }

  return {
    URLSearchParams,
    link(params, onChange) {
      stateOf(params).onChange = () => onChange(ops.ask('query', toJson(stateOf(params).pairs)))
    },
    reload(params, query) {
      stateOf(params).pairs = pairsOf(query)
    },
  }
}

function matches(pair: Pair, name: unknown, value?: unknown): boolean {
  return pair[0] === stringOf(name) && (value === undefined || pair[1] === stringOf(value))
}
