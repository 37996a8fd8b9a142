import type { Program } from '../../sandbox/wire/protocol.ts'
import type { Outcome } from './outcome.ts'

/** Hiding a shorter value would hide much else. */
const minLength = 8

const secretsByProgram = new WeakMap<Program, readonly (readonly [name: string, secret: string])[]>()

/** The longest first, because one may contain another. */
function listSecrets(program: Program): readonly (readonly [name: string, secret: string])[] {
  const hideable =
    secretsByProgram.get(program) ??
    [
      ...(program.hostSecrets ?? []).flatMap(({ name, placeholder, value }) => [
        [name, placeholder] as const,
        [name, value] as const,
      ]),
      ...program.rules.flatMap(({ secrets }) => Object.entries(secrets)),
    ]
      .filter(([, value]) => value.length >= minLength)
      .toSorted(([, one], [, other]) => other.length - one.length)
  secretsByProgram.set(program, hideable)
  return hideable
}

/** Replaces the actions' secrets, and those for hosts with their placeholders, in reason, error and trace of an outcome. User, context and claims stay as they are. */
export function hideSecrets(outcome: Outcome, program: Program): Outcome {
  const longestFirst = listSecrets(program)
  if (longestFirst.length === 0) return outcome
  const hide = (value: unknown): unknown => {
    if (typeof value === 'string') {
      return longestFirst.reduce((text, [name, secret]) => text.replaceAll(secret, `[secret ${name}]`), value)
    }
    if (Array.isArray(value)) return value.map(hide)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, hide(member)]))
  }
  const visibleParts = Object.fromEntries(
    Object.entries(outcome).filter(([name]) => ['reason', 'error', 'rules'].includes(name)),
  )
  return { ...outcome, ...(hide(visibleParts) as object) }
}
