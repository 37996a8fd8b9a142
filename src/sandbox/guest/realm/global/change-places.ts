import {
  addToSet,
  defineProperty,
  deleteFromSet,
  deleteProperty,
  getOwnPropertyDescriptor,
  hasInSet,
  mapDelete,
  mapGet,
  mapSet,
} from '../../../wire/primordials.ts'
import type { PlainCopier } from './copy-plain.ts'
import type { Place } from './find-places.ts'

/** Removes the functions and instances of these realms. Returns the members of `global` that led to one. */
export function removeInstances(places: readonly Place[], realmIds: Set<number>): string[] {
  const members = new Set<string>()
  for (const place of places) {
    const { plainKind, realmId, ownerOrigin } = place
    if (plainKind !== undefined || !hasInSet(realmIds, realmId)) continue
    // What belongs to a removed instance goes with it. A login that still has it finds it whole.
    if (ownerOrigin.plainKind === undefined && hasInSet(realmIds, ownerOrigin.realmId)) continue
    removeFrom(place)
    members.add(place.member)
  }
  return [...members]
}

function removeFrom({ kind, owner, key, value }: Place): void {
  if (kind === 'property') deleteProperty(owner, key as PropertyKey)
  else if (kind === 'setMember') deleteFromSet(owner as Set<unknown>, value)
  else mapDelete(owner as Map<unknown, unknown>, key)
}

/** Replaces the plain values of realms that are given up by copies. */
export function moveHome(places: readonly Place[], isLeaving: (realmId: number) => boolean, copier: PlainCopier): void {
  for (const place of places) {
    // If the owner leaves, its copy holds the copies of its members.
    if (place.plainKind === undefined || !isLeaving(place.realmId) || isLeaving(place.ownerOrigin.realmId)) continue
    try {
      replaceBy(place, copier)
    } catch {
      // It only has the prototype of its kind, or its owner is frozen. It keeps its realm.
    }
  }
}

function replaceBy({ kind, owner, key, value }: Place, copier: PlainCopier): void {
  const copy = copier.copy(value)
  if (kind === 'property') {
    const descriptor = getOwnPropertyDescriptor(owner, key as PropertyKey)
    if (descriptor?.value === value) defineProperty(owner, key as PropertyKey, { ...descriptor, value: copy })
  } else if (kind === 'mapKey') {
    const map = owner as Map<unknown, unknown>
    const entryValue = mapGet(map, key)
    mapDelete(map, key)
    mapSet(map, copy, entryValue)
  } else if (kind === 'mapValue') {
    mapSet(owner as Map<unknown, unknown>, copier.copy(key), copy)
  } else {
    deleteFromSet(owner as Set<unknown>, value)
    addToSet(owner as Set<unknown>, copy)
  }
}
