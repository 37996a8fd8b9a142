import {
  NativeSet,
  addToSet,
  getOwnPropertyDescriptor,
  hasInSet,
  mapForEach,
  ownKeys,
  pop,
  push,
  setForEach,
  toText,
} from '../../../wire/primordials.ts'
import type { RealmOrigin, RealmRegistry } from './realm-registry.ts'

/** A place on `global`, or inside of it, that holds an object of another realm. */
export interface Place extends RealmOrigin {
  readonly kind: 'property' | 'mapKey' | 'mapValue' | 'setMember'
  readonly owner: object
  readonly ownerOrigin: RealmOrigin
  /** The name of the property, or the key of the map's entry. */
  readonly key: unknown
  readonly value: object
  /** The member of `global` that leads here. */
  readonly member: string
}

export interface ScanOptions {
  readonly registry: RealmRegistry
  /** The realm of `global` itself. */
  readonly homeId: number
  /** The realm of values that do not tell. */
  readonly fallbackId: number
}

type EmptyPlace = Omit<Place, 'value' | keyof RealmOrigin>
type Consider = (value: unknown, place: EmptyPlace) => void

interface Visit {
  readonly object: object
  readonly origin: RealmOrigin
  readonly member: string
}

/** An instance may lead to a whole module. Clients, and what logins keep in them, are near. */
const maxInstanceVisits = 300

/**
 * Finds the objects of other realms that `global` leads to. It runs no getter. It looks into instances and functions, but
 * not far, and it cannot look into closures and private members.
 */
export function findPlaces(root: object, options: ScanOptions): Place[] {
  const { registry, homeId, fallbackId } = options
  const places: Place[] = []
  const seen = new NativeSet<object>([root])
  const visits: Visit[] = [{ object: root, member: '', origin: { realmId: homeId, plainKind: 'object' } }]
  let instanceVisits = 0

  function consider(value: unknown, place: EmptyPlace): void {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return
    const origin = findOriginSafely(registry, value, fallbackId)
    if (origin.realmId !== homeId) push(places, { ...place, ...origin, value })
    if (hasInSet(seen, value)) return
    addToSet(seen, value)
    if (origin.plainKind !== undefined || instanceVisits++ < maxInstanceVisits)
      push(visits, { object: value, origin, member: place.member })
  }

  for (let visit = pop(visits); visit !== undefined; visit = pop(visits)) {
    try {
      visitMembers(visit, root, consider)
    } catch {
      // A trap of a proxy has thrown: what is behind it stays unknown.
    }
  }
  return places
}

/** A trap of a proxy may throw. */
function findOriginSafely(registry: RealmRegistry, value: object, fallbackId: number): RealmOrigin {
  try {
    return registry.findOrigin(value, fallbackId)
  } catch {
    return { realmId: fallbackId, plainKind: undefined }
  }
}

function visitMembers(
  { object: owner, origin: ownerOrigin, member: leadingMember }: Visit,
  root: object,
  consider: Consider,
): void {
  const names = ownKeys(owner)
  for (let index = 0; index < names.length; index++) {
    const key = names[index]!
    const descriptor = getOwnPropertyDescriptor(owner, key)
    if (descriptor === undefined) continue
    const member = owner === root ? toText(key) : leadingMember
    const place = { kind: 'property', owner, ownerOrigin, key, member } as const
    consider(descriptor.value, place)
    consider(descriptor.get, place)
    consider(descriptor.set, place)
  }
  const { plainKind } = ownerOrigin
  if (plainKind === 'map' || plainKind === 'set' || plainKind === undefined)
    visitEntries({ owner, ownerOrigin, member: leadingMember }, consider)
}

/** Throws if the owner has no entries. The methods work for maps and sets of every realm, and run no code of a rule. */
function visitEntries(place: Pick<Place, 'owner' | 'ownerOrigin' | 'member'>, consider: Consider): void {
  try {
    mapForEach(place.owner as Map<unknown, unknown>, (value, key) => {
      consider(key, { ...place, kind: 'mapKey', key })
      consider(value, { ...place, kind: 'mapValue', key })
    })
  } catch {
    setForEach(place.owner as Set<unknown>, (value) => consider(value, { ...place, kind: 'setMember', key: value }))
  }
}
