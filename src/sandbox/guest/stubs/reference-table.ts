import { NativeMap, mapGet, mapSet } from '../../wire/primordials.ts'

/** Values of this side or of the test's, and the ids by which both sides know them. */
export interface ReferenceTable {
  getId(value: object): number | undefined
  getValue(id: number): object | undefined
  set(id: number, value: object): void
  clear(): void
}

export function createReferenceTable(): ReferenceTable {
  let values = new NativeMap<number, object>()
  let ids = new NativeMap<object, number>()
  return {
    getId: (value) => mapGet(ids, value),
    getValue: (id) => mapGet(values, id),
    set(id, value) {
      mapSet(values, id, value)
      mapSet(ids, value, id)
    },
    clear() {
      values = new NativeMap()
      ids = new NativeMap()
    },
  }
}
