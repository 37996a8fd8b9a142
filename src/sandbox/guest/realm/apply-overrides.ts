import type { GuestLimits, GuestResult } from '../../wire/guest-contract.ts'
import type { RealmOverrides } from '../../wire/run-overrides.ts'
import { startClock } from './clock.ts'
import { seedRandom } from './random.ts'
import { encodeMembers, restoreMembers } from './global/members.ts'

/**
 * Sets clock, random numbers and `global` for one login. Returns the members of `global` that the login starts with, if
 * it is recorded.
 */
export function applyOverrides(overrides: RealmOverrides, shared: object, limits: GuestLimits): GuestResult['shared'] {
  const isRecorded = overrides.isRecorded === true
  startClock(overrides.clock, isRecorded)
  seedRandom(overrides.seedWords)
  if (overrides.isDataOnly === true) restoreMembers(shared, encodeMembers(shared, limits))
  if (overrides.shared !== undefined) restoreMembers(shared, overrides.shared)
  return isRecorded ? encodeMembers(shared, limits) : undefined
}
