import type { Ops } from '../driver/ops.ts'
import { toJson } from '../../wire/primordials.ts'
import { type Pair, parsePairs } from './query-pairs.ts'

interface Query {
  pairs: Pair[]
  /** Updates the URL whose query this is. */
  onChange: (() => void) | undefined
}

/** The pairs of each `URLSearchParams`, where rules cannot reach them. */
export interface QueryStore {
  add(params: object, init: unknown): void
  getPairs(params: object): Pair[]
  change(params: object, edit: (pairs: readonly Pair[]) => Pair[]): void
  /** Calls `onChange` with the new query after each change of `params`. */
  link(params: object, onChange: (query: string) => void): void
  /** Replaces the pairs of `params`, after its URL has changed. */
  reload(params: object, query: string): void
}

export function createQueryStore(ops: Ops): QueryStore {
  const queries = new WeakMap<object, Query>()

  function getQuery(params: object): Query {
    const query = queries.get(params)
    if (query === undefined) throw new TypeError('this is not a URLSearchParams')
    return query
  }

  return {
    add: (params, init) => void queries.set(params, { pairs: parsePairs(ops, init), onChange: undefined }),
    getPairs: (params) => getQuery(params).pairs,
    change(params, edit) {
      const query = getQuery(params)
      query.pairs = edit(query.pairs)
      query.onChange?.()
    },
    link(params, onChange) {
      getQuery(params).onChange = () => onChange(ops.ask('query', toJson(getQuery(params).pairs)))
    },
    reload(params, query) {
      getQuery(params).pairs = parsePairs(ops, query)
    },
  }
}
