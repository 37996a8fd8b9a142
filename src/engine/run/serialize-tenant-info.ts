import type { Program } from '../../sandbox/wire/protocol.ts'
import type { UsersPort } from '../ports/users-port.ts'

/** Matches a rule that names `auth0.accessToken`, or passes `auth0` itself on. */
const tokenPattern = /accessToken|\bauth0\b(?![.'"`@|/-])/

const tokenReadersByRule = new WeakMap<Program['rules'][number], boolean>()

function canReadToken(rule: Program['rules'][number]): boolean {
  const cached = tokenReadersByRule.get(rule)
  if (cached !== undefined) return cached
  const isReader = rule.kind === 'rule' && tokenPattern.test(rule.expression)
  tokenReadersByRule.set(rule, isReader)
  return isReader
}

/** Serializes what `auth0` shows of the tenant to these rules. */
export async function serializeTenantInfo(users: UsersPort, rules: Program['rules']): Promise<string> {
  const { domain } = users
  const isTokenNeeded = rules.some(canReadToken)
  const baseUrl = users.baseUrl ?? (domain === undefined ? undefined : `https://${domain}/api/v2`)
  const accessToken = isTokenNeeded ? await users.accessToken?.() : undefined
  return JSON.stringify({ domain, baseUrl, accessToken })
}
