import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import { parseExpression, type Resolve } from './parse-expression.ts'
import type { User } from '../user/user.ts'

/**
 * From a root attribute to the expression that gives its value when a profile is read.
 *
 * `user_metadata.picture || picture`, or `<%= user.user_metadata.picture || user.picture %>` for the same thing. An
 * expression holds paths, string literals, `||`, `??` and parentheses. Awkward names go in brackets:
 * `app_metadata["https://example.com/plan"]`, `identities[0].provider`.
 */
export type OverlaySpec = Readonly<Record<string, string>>

/** A spec that was checked, ready to be applied to any number of profiles. */
export interface Overlay {
  readonly attributes: readonly string[]
  apply(user: User): User
}

/**
 * Checks a spec once and makes it ready for use.
 *
 * @throws {ClaimsmithError} INVALID_OVERLAY with details `attribute`, `column` (from 1) and `expected`
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
 * Gives a copy of the profile whose attributes are resolved as the spec says.
 *
 * Every expression sees the profile as it was given. A missing parent is no error. An attribute whose expression comes to
 * `undefined` or `null` stays as it was; any other value is set, an empty string, `0` and `false` too: `||` passes over
 * those, `??` does not. The copy shares nested values with the profile, which is not changed.
 *
 * @example overlay(user, { picture: 'user_metadata.picture || picture' })
 * @throws {ClaimsmithError} INVALID_OVERLAY where a raw spec is wrong; an overlay already parsed never throws
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
