import { random } from '../realm/random.ts'

/** Creates letters and digits that are unlikely to occur in a text; not for secrets. */
export function createRandomText(): string {
  return random().toString(36).slice(2) + random().toString(36).slice(2)
}
