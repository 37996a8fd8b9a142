import { random } from '../realm/chance.ts'

/** Letters and digits that no text is likely to hold; not for secrets. */
export function randomText(): string {
  return random().toString(36).slice(2) + random().toString(36).slice(2)
}
