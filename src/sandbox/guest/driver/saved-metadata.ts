import type { MetadataBatch } from '../../wire/resume-point.ts'
import type { Json } from '../../wire/json.ts'
import { hasOwn, sliceList } from '../../wire/primordials.ts'
import type { SavedKeys } from './rule-scope.ts'

type Members = { [key: string]: Json }

/** The metadata keys that the actions of a login want saved; their values are in the user. */
export interface SavedMetadata {
  readonly keys: { readonly user: string[]; readonly app: string[] }
  mark(): SavedKeys
  /** Goes back to a mark, or removes all keys. */
  reset(mark: SavedKeys | undefined): void
  /** Builds the metadata to save from the user that `read` returns; undefined if there is none. */
  createBatch(read: () => { readonly user: Members }): MetadataBatch | undefined
}

export function createSavedMetadata(): SavedMetadata {
  const keys = { user: [] as string[], app: [] as string[] }
  return {
    keys,
    mark: () => ({ user: sliceList(keys.user), app: sliceList(keys.app) }),
    reset(mark) {
      // Keys are only added, so a mark is always the beginning of the list.
      keys.user.length = mark?.user.length ?? 0
      keys.app.length = mark?.app.length ?? 0
    },
    createBatch(read) {
      if (keys.user.length === 0 && keys.app.length === 0) return undefined
      const { user } = read()
      return {
        ...(keys.user.length === 0 ? {} : { user: pickValues(user['user_metadata'], keys.user) }),
        ...(keys.app.length === 0 ? {} : { app: pickValues(user['app_metadata'], keys.app) }),
      }
    },
  }
}

/** The value of a key that the user no longer has is null: it is deleted. */
function pickValues(metadata: Json | undefined, keys: readonly string[]): Members {
  const values: Members = {}
  const holder = (metadata ?? {}) as Members
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index]!
    values[key] = hasOwn(holder, key) ? holder[key]! : null
  }
  return values
}
