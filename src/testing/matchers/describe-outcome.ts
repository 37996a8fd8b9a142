import { inspect } from 'node:util'
import { reservedClaims } from '../../profile/context/reserved-claims.ts'
import type { Outcome } from '../../engine/outcome/outcome.ts'

/** Describes the end of a login as the second half of a sentence. */
export function describeEnd(outcome: Outcome): string {
  const { outcome: kind, reason, error, redirect, multifactor, rules } = outcome
  switch (kind) {
    case 'allow':
      return 'it was allowed'
    case 'deny':
      return `it was denied by ${rules.at(-1)?.name ?? 'a rule'}: ${inspect(reason)}`
    case 'redirect':
      return `the user was sent to ${redirect?.url}`
    case 'challenge':
      return `a second factor was asked for: ${inspect(multifactor)}`
    case 'error':
      return `${error?.rule ?? 'the rules'} failed with ${error?.code}: ${error?.message}`
    default:
      return kind satisfies never
  }
}

/** Describes why a token does not have a claim. */
export function describeClaims(outcome: Outcome, token: 'idToken' | 'accessToken', name: string): string {
  const { claims } = outcome
  if ((reservedClaims as readonly string[]).includes(name)) return `${name} is reserved, and rules cannot set it`
  const other = token === 'idToken' ? 'accessToken' : 'idToken'
  const elsewhere = Object.hasOwn(claims[other], name)
    ? ` (it is in the ${other === 'idToken' ? 'ID' : 'access'} token)`
    : ''
  const ending = outcome.outcome === 'allow' ? '' : `, and ${describeEnd(outcome)}`
  return `its claims are ${inspect(claims[token])}${elsewhere}${ending}`
}

export function formatList(texts: readonly string[]): string {
  return texts.length === 0 ? 'nothing' : texts.join('; ')
}
