import { decode, encode } from '../../../wire/codec.ts'
import type { GuestLimits } from '../../../wire/guest-contract.ts'
import { defineProperty, deleteProperty, keys } from '../../../wire/primordials.ts'

type Members = Readonly<Record<string, string>>

/**
 * Encodes the members of `global` that are data, as `encode` writes them. Other members, and those beyond the limit, are
 * left out.
 */
export function encodeMembers(shared: object, { maxDepth, maxOutputBytes }: GuestLimits): Members {
  const encoded: Record<string, string> = {}
  const names = keys(shared)
  let remainingLength = maxOutputBytes
  for (let index = 0; index < names.length; index++) {
    const name = names[index]!
    try {
      const text = encode((shared as Record<string, unknown>)[name], { maxDepth, maxLength: remainingLength })
      remainingLength -= text.length
      defineProperty(encoded, name, { value: text, enumerable: true, configurable: true, writable: true })
    } catch {
      // A function, a promise or a client is not data.
    }
  }
  return encoded
}

/** Replaces all members of `global`. */
export function restoreMembers(shared: object, members: Members): void {
  const before = keys(shared)
  for (let index = 0; index < before.length; index++) deleteProperty(shared, before[index]!)
  const names = keys(members)
  for (let index = 0; index < names.length; index++) {
    const name = names[index]!
    const value = decode(members[name]!)
    defineProperty(shared, name, { value, enumerable: true, configurable: true, writable: true })
  }
}
