import type { Outcome } from '../../engine/outcome/outcome.ts'
import { type OAuthError, oauthError } from './result.ts'

/** What a login's outcome means where tokens were asked for; undefined where the login may go on. */
export function toOAuthError(outcome: Outcome): OAuthError | undefined {
  switch (outcome.outcome) {
    case 'allow':
      return undefined
    case 'deny':
      return oauthError('access_denied', outcome.reason ?? 'A rule refused the login.')
    case 'redirect':
      return oauthError(
        'interaction_required',
        'A rule sends the user to another page, which this grant has no browser for.',
        buildRedirectUrl(outcome),
      )
    case 'challenge':
      return oauthError('mfa_required', 'A rule asks for a second factor.')
    case 'error':
      return oauthError('server_error', formatRuleError(outcome))
    default:
      return outcome.outcome satisfies never
  }
}

/** Auth0 adds the state to the URL itself. */
function buildRedirectUrl({ redirect, state }: Outcome): { redirectUrl: string } | undefined {
  if (redirect === undefined || state === undefined || !URL.canParse(redirect.url)) return undefined
  const url = new URL(redirect.url)
  url.searchParams.set('state', state)
  return { redirectUrl: url.href }
}

/** Which rule failed, and how; nothing of its text, and nothing of what it said. */
function formatRuleError({ error }: Outcome): string {
  const name = error?.rule === undefined ? 'The rules' : `The rule ${error.rule}`
  return `${name} failed: ${error?.code ?? 'RULE_THREW'}.`
}
