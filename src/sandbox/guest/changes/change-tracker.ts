import type { Change } from '../../../profile/schema/changes.ts'
import type { Marks } from '../../wire/codec.ts'
import type { Json } from '../../wire/json.ts'
import { Comparer } from './comparer.ts'
import { type SnapshotValue, isSnapshot, takeParsedSnapshot, takeSnapshot, toJsonValue } from './snapshot.ts'
import { Walker } from './walker.ts'

/**
 * Finds what a rule changed, in one walk over its live objects beside a snapshot of how they were.
 *
 * - It runs after every rule of every login, so it allocates almost nothing if nothing changed.
 * - A library would first need a copy of both sides.
 * - A library would trust objects that a rule may have prepared for an attack.
 */
export interface ChangeTracker {
  /** Takes a snapshot of `live`. */
  begin(live: object): void
  /** Does the same, cheaper, for what `JSON.parse` returned: it holds nothing but data. */
  beginParsed(live: object): void
  /**
   * Appends the differences between the snapshot and `live` to `changes`, and brings the snapshot up to date. Returns what
   * JSON cannot express; undefined if it expresses everything.
   */
  diff(live: object, changes: Change[]): Marks | undefined
  /** Returns the JSON of the snapshot; runs no getter of a rule. */
  copy(): Json
  /** Whether the root's member `key` was an object and not an array. */
  isObject(key: string): boolean
}

/** Creates a tracker, which keeps its working memory from login to login. */
export function createChangeTracker(maxDepth: number): ChangeTracker {
  const walker = new Walker(maxDepth)
  const comparer = new Comparer(walker)
  let root: SnapshotValue = null

  return {
    begin(live) {
      walker.reset()
      root = takeSnapshot(walker, live)
    },
    beginParsed(live) {
      walker.reset()
      root = takeParsedSnapshot(walker, live)
    },
    diff(live, changes) {
      walker.reset()
      root = comparer.compare(root, live, changes)
      return walker.marks
    },
    copy: () => toJsonValue(root),
    isObject: (key) => isObjectMember(root, key),
  }
}

function isObjectMember(snapshot: SnapshotValue, key: string): boolean {
  if (!isSnapshot(snapshot) || snapshot.names === undefined) return false
  const { names, values } = snapshot
  for (let index = 0; index < names.length; index++) {
    if (names[index] !== key) continue
    const value = values[index]!
    return isSnapshot(value) && value.names !== undefined
  }
  return false
}
