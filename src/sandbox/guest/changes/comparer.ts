import type { Change } from '../../../profile/schema/changes.ts'
import { hasOwn, isArray, keys, push, sliceList } from '../../wire/primordials.ts'
import { createKeyIndex } from './key-index.ts'
import {
  type Snapshot,
  type SnapshotValue,
  isDataMember,
  isSnapshot,
  takeObjectSnapshot,
  takeSnapshot,
  toJsonValue,
} from './snapshot.ts'
import type { Walker } from './walker.ts'

type Members = Record<string, unknown>

/** Walks over a live object beside its snapshot, lists the changes and brings the snapshot up to date. */
export class Comparer {
  readonly #walker: Walker
  #changes: Change[] = []

  constructor(walker: Walker) {
    this.#walker = walker
  }

  /** Appends the changes to `changes`; returns the snapshot of `live`. */
  compare(previous: SnapshotValue, live: unknown, changes: Change[]): SnapshotValue {
    this.#changes = changes
    return this.#compareValue(previous, live)
  }

  #compareValue(previous: SnapshotValue, live: unknown): SnapshotValue {
    // Most objects are the same as before. If an object is the same and was an array, it still is one.
    const isSame = isSnapshot(previous) && previous.live === live && !hasToJson(previous.live)
    const value = isSame ? previous.live : this.#walker.toData(live)
    if (typeof value !== 'object' || value === null) {
      const newValue = (value ?? null) as SnapshotValue
      if (newValue !== previous) this.#record('replace', newValue)
      return newValue
    }
    if (!isSnapshot(previous) || (!isSame && (previous.names === undefined) !== isArray(value))) {
      const newValue = takeObjectSnapshot(this.#walker, value)
      this.#record('replace', newValue)
      return newValue
    }
    previous.live = value
    if (isSame) this.#walker.enterAgain(value)
    else this.#walker.enter(value)
    if (previous.names === undefined) this.#compareItems(previous.values, value as unknown[])
    else this.#compareMembers(previous, previous.names, value as Members)
    this.#walker.leave()
    return previous
  }

  #compareMembers(previous: Snapshot, oldNames: readonly string[], live: Members): void {
    const { values } = previous
    let sameCount = 0
    // `for in` lists inherited members last: if the last one is an own member, all are.
    if (oldNames.length === 0 || hasOwn(live, oldNames[oldNames.length - 1]!)) {
      let isInStep = true
      // Mostly both have the same keys in the same order, and no look-up is needed.
      for (const name in live) {
        const value = live[name]
        isInStep = oldNames[sameCount] === name && value !== undefined
        if (!isInStep) break
        const oldValue = values[sameCount]!
        if (value !== oldValue) {
          this.#walker.setKey(name)
          const newValue = this.#compareValue(oldValue, value)
          if (newValue !== oldValue) values[sameCount] = newValue
        }
        sameCount++
      }
      if (isInStep && sameCount === oldNames.length) return
    }
    this.#compareRest(previous, oldNames, live, sameCount)
  }

  /** Compares the members from the position on where the keys differ. */
  #compareRest(previous: Snapshot, oldNames: readonly string[], live: Members, from: number): void {
    const names = keys(live)
    const oldKeys = createKeyIndex(oldNames, from)
    const oldValues = previous.values
    const newNames = sliceList(oldNames, 0, from)
    const newValues = sliceList(oldValues, 0, from)
    for (let index = from; index < names.length; index++) {
      const name = names[index]!
      const value = live[name]
      this.#walker.setKey(name)
      if (!isDataMember(this.#walker, name, value)) continue
      const position = oldKeys.take(name)
      push(newNames, name)
      push(newValues, position < 0 ? this.#add(value) : this.#compareValue(oldValues[position]!, value))
    }
    for (let index = from; index < oldNames.length; index++) {
      if (oldKeys.isTaken(index)) continue
      this.#walker.setKey(oldNames[index]!)
      this.#record('remove', undefined)
    }
    previous.names = newNames
    previous.values = newValues
  }

  #compareItems(values: SnapshotValue[], live: readonly unknown[]): void {
    const { length } = live
    for (let index = values.length - 1; index >= length; index--) {
      this.#walker.setKey(index)
      this.#record('remove', undefined)
    }
    if (values.length > length) values.length = length
    const commonLength = values.length
    for (let index = 0; index < length; index++) {
      const item = live[index]
      if (index < commonLength) {
        const oldValue = values[index]!
        if (item === oldValue) continue
        this.#walker.setKey(index)
        values[index] = this.#compareValue(oldValue, item)
      } else {
        this.#walker.setKey(index)
        push(values, this.#add(item))
      }
    }
  }

  #add(live: unknown): SnapshotValue {
    const snapshot = takeSnapshot(this.#walker, live)
    this.#record('add', snapshot)
    return snapshot
  }

  #record(op: Change['op'], value: SnapshotValue | undefined): void {
    const path = this.#walker.toPointer()
    push(this.#changes, value === undefined ? { op, path } : { op, path, value: toJsonValue(value) })
  }
}

/** Whether its JSON is made by `toJSON`, and not from its members. */
function hasToJson(live: object): boolean {
  return (live as { readonly toJSON?: unknown }).toJSON !== undefined
}
