import { random } from '../realm/random.ts'

/** Letters and digits that no text is likely to hold; not for secrets. */
export function createRandomText(): string {
  return random().toString(36).slice(2) + random().toString(36).slice(2)
}
