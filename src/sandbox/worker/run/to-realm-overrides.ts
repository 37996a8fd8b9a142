import type { RealmOverrides, RunOverrides } from '../../wire/run-overrides.ts'
import { deriveSeedWords } from '../crypto/seeded-crypto.ts'

/** Converts overrides into the form that a realm gets. */
export function toRealmOverrides({ seed, ...rest }: RunOverrides): RealmOverrides {
  return seed === undefined ? rest : { ...rest, seedWords: deriveSeedWords(seed) }
}
