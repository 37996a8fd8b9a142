import {
  NativeDate,
  NativeMap,
  NativeRegExp,
  NativeSet,
  addToSet,
  create,
  dateTime,
  defineProperty,
  getOwnPropertyDescriptor,
  getPrototypeOf,
  isExtensible,
  mapForEach,
  mapGet,
  mapSet,
  ownKeys,
  pop,
  preventExtensions,
  push,
  setForEach,
} from '../../../wire/primordials.ts'
import type { PlainKind, RealmRegistry } from './realm-registry.ts'

/** Copies plain values into this realm. References to one object stay references to one copy. */
export interface PlainCopier {
  /** Returns the copy of a value that the copier takes along; any other value stays as it is. */
  copy(value: unknown): unknown
}

export interface CopierOptions {
  readonly registry: RealmRegistry
  readonly homeId: number
  readonly fallbackId: number
  /** Whether the plain values of a realm are copied. */
  readonly isLeaving: (realmId: number) => boolean
}

interface Job {
  readonly source: object
  readonly copy: object
  readonly kind: PlainKind
}

export function createPlainCopier({ registry, homeId, fallbackId, isLeaving }: CopierOptions): PlainCopier {
  const copies = new NativeMap<object, object>()
  const jobs: Job[] = []

  function getCopy(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value
    const known = mapGet(copies, value)
    if (known !== undefined) return known
    const { realmId, plainKind } = registry.findOrigin(value, fallbackId)
    if (plainKind === undefined || !isLeaving(realmId)) return value
    const copy = createEmpty(value, plainKind)
    if (getPrototypeOf(copy) === null) registry.claim(copy, homeId)
    mapSet(copies, value, copy)
    push(jobs, { source: value, copy, kind: plainKind })
    return copy
  }

  return {
    copy(value) {
      const result = getCopy(value)
      for (let job = pop(jobs); job !== undefined; job = pop(jobs)) fill(job, getCopy)
      return result
    },
  }
}

/** Throws if the value only has the prototype of its kind. */
function createEmpty(value: object, kind: PlainKind): object {
  switch (kind) {
    case 'array':
      return []
    case 'date':
      return new NativeDate(dateTime(value))
    case 'map':
      return new NativeMap()
    case 'set':
      return new NativeSet()
    case 'regExp': {
      const { source, flags } = value as RegExp
      return new NativeRegExp(source, flags)
    }
    case 'object':
      return getPrototypeOf(value) === null ? (create(null) as object) : {}
    default:
      return kind satisfies never
  }
}

function fill({ source, copy, kind }: Job, getCopy: (value: unknown) => unknown): void {
  if (kind === 'map') {
    mapForEach(source as Map<unknown, unknown>, (value, key) =>
      mapSet(copy as Map<unknown, unknown>, getCopy(key), getCopy(value)),
    )
  } else if (kind === 'set') {
    setForEach(source as Set<unknown>, (value) => addToSet(copy as Set<unknown>, getCopy(value)))
  }
  const names = ownKeys(source)
  for (let index = 0; index < names.length; index++) {
    const name = names[index]!
    const descriptor = getOwnPropertyDescriptor(source, name)!
    const isAccessor = descriptor.get !== undefined || descriptor.set !== undefined
    defineProperty(copy, name, isAccessor ? descriptor : { ...descriptor, value: getCopy(descriptor.value) })
  }
  if (!isExtensible(source)) preventExtensions(copy)
}
