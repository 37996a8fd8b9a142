import type { MetadataBatch } from '../../wire/resume-point.ts'
import type { Json } from '../../wire/json.ts'
import { hasOwn, sliceList } from '../../wire/primordials.ts'
import type { SavedKeys } from './rule-scope.ts'

type Members = { [key: string]: Json }

/** Which keys of metadata the actions of a login want to be saved. Their values stand in the user, once. */
export interface SavedMetadata {
  readonly keys: { readonly user: string[]; readonly app: string[] }
  mark(): SavedKeys
  /** Goes back to a mark, or to nothing. */
  reset(mark: SavedKeys | undefined): void
  /** What is to be saved, as `read` has the login; undefined where there is nothing. */
  createBatch(read: () => { readonly user: Members }): MetadataBatch | undefined
}

export function createSavedMetadata(): SavedMetadata {
  const keys = { user: [] as string[], app: [] as string[] }
  return {
    keys,
    mark: () => ({ user: sliceList(keys.user), app: sliceList(keys.app) }),
    reset(mark) {
      // Keys are only ever added, so that a mark is a beginning of them.
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

/** A key that is not there any more is to be deleted. */
function pickValues(metadata: Json | undefined, keys: readonly string[]): Members {
  const values: Members = {}
  const holder = (metadata ?? {}) as Members
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index]!
    values[key] = hasOwn(holder, key) ? holder[key]! : null
  }
  return values
}
