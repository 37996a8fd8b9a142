import { NativeTypeError, apply, indexOfText, sliceText, toText } from '../../wire/primordials.ts'

/** Writes of one login to objects that the logins of a hardened realm share. */
export interface SharedWrites {
  /** What the login tried to write to first; undefined if it tried nothing. */
  readonly first: string | undefined
  /** Notes a write, and throws the error that the rule gets for it. */
  refuse(target: string): never
  /** Adds an object that logins share. */
  share(value: object): void
  /** Notes a write that had no effect, if logins share its target. */
  noteIfShared(target: object, key: unknown): void
  /** Notes a failure of the rule if it is V8's error about a frozen object. */
  noteFailure(error: unknown): void
  /** Forgets the writes of the login before. */
  reset(): void
}

const maxTargetLength = 200

export function createSharedWrites(): SharedWrites {
  let first: string | undefined
  const sharedObjects = new WeakSet<object>()
  const { add: addObject, has: hasObject } = WeakSet.prototype

  function note(target: string): void {
    first ??= sliceText(target, 0, maxTargetLength)
  }

  return {
    get first() {
      return first
    },
    share: (value) => void apply(addObject, sharedObjects, [value]),
    noteIfShared(target, key) {
      if (apply(hasObject, sharedObjects, [target])) note(`a member ${toText(key)} of a module`)
    },
    refuse(target) {
      note(target)
      throw new NativeTypeError(`Cannot write to ${target}, which the logins of a ruleset share; ${freshRealmHint}`)
    },
    noteFailure(error) {
      if (first !== undefined || !isFrozenError(error)) return
      note(`a frozen object (${toText(error.message)})`)
    },
    reset() {
      first = undefined
    },
  }
}

const freshRealmHint = "with realm: 'fresh' each login has its own"

/** Parts of V8's messages about frozen objects. */
const frozenMessages = ['is not extensible', 'read only property', 'Cannot redefine', 'Cannot delete property']

/** Whether this is V8's error about a write to a frozen object. */
export function isFrozenError(error: unknown): error is TypeError {
  try {
    if (!(error instanceof NativeTypeError)) return false
    const message = toText(error.message)
    for (let index = 0; index < frozenMessages.length; index++)
      if (indexOfText(message, frozenMessages[index]!) >= 0) return true
  } catch {
    // A getter or a proxy of the rule's own threw.
  }
  return false
}
