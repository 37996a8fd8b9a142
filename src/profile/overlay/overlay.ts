import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import { parseExpression, type Resolve } from './parse-expression.ts'
import type { User } from '../user/user.ts'

/**
 * From a root attribute to the expression of its value when a profile is read.
 *
 * An expression is `user_metadata.picture || picture`, or the same as a template:
 * `<%= user.user_metadata.picture || user.picture %>`. It has paths, string literals, `||`, `??` and parentheses. Names that
 * are not identifiers go in brackets: `app_metadata["https://example.com/plan"]`, `identities[0].provider`.
 */
export type OverlaySpec = Readonly<Record<string, string>>

/** A parsed spec, which can be applied to any number of profiles. */
export interface Overlay {
  readonly attributes: readonly string[]
  apply(user: User): User
}

/**
 * Parses a spec.
 *
 * @throws {ClaimsmithError} INVALID_OVERLAY with details `attribute`, `column` (from 1) and `expected` if the spec is wrong
 */
export function parseOverlay(spec: OverlaySpec): Overlay {
  if (typeof spec !== 'object' || spec === null || Array.isArray(spec)) {
    throw new ClaimsmithError('INVALID_OVERLAY', 'An overlay is an object from attribute to expression.')
  }
  const resolvers = Object.entries(spec).map(
    ([attribute, text]) => [attribute, parseExpression(attribute, text)] as const,
  )
  return {
    attributes: resolvers.map(([attribute]) => attribute),
    apply: (user) => ({ ...user, ...resolveAttributes(resolvers, user) }),
  }
}

/**
 * Returns a copy of the profile with the spec's attributes resolved.
 *
 * - Every expression sees the given profile. A missing parent is not an error.
 * - If an expression is `undefined` or `null`, its attribute stays as it was.
 * - Any other value is set, also an empty string, `0` and `false`; `||` skips those, `??` does not.
 * - The copy shares nested values with the profile, which is not changed.
 *
 * @example overlay(user, { picture: 'user_metadata.picture || picture' })
 * @throws {ClaimsmithError} INVALID_OVERLAY if a raw spec is wrong; a parsed overlay never throws
 */
export function overlay(user: User, spec: OverlaySpec | Overlay): User {
  return isParsed(spec) ? spec.apply(user) : parseOverlay(spec).apply(user)
}

function isParsed(spec: OverlaySpec | Overlay): spec is Overlay {
  return typeof spec === 'object' && spec !== null && typeof spec['apply'] === 'function'
}

function resolveAttributes(resolvers: ReadonlyArray<readonly [string, Resolve]>, user: User): Record<string, unknown> {
  const resolvedEntries = resolvers.map(([attribute, resolve]) => [attribute, resolve(user)] as const)
  return Object.fromEntries(resolvedEntries.filter(([, value]) => value !== undefined && value !== null))
}
