import type { ErrorOutcome, Outcome, RedirectOutcome } from '../../engine/outcome/outcome.ts'
import { type OAuthError, oauthError } from './result.ts'

/** Maps an outcome to the error of a token request; undefined if the login is allowed. */
export function toOAuthError(outcome: Outcome): OAuthError | undefined {
  switch (outcome.outcome) {
    case 'allow':
      return undefined
    case 'deny':
      return oauthError('access_denied', outcome.reason)
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
      return outcome satisfies never
  }
}

/** Auth0 itself adds the state to the URL. */
function buildRedirectUrl({ redirect, state }: RedirectOutcome): { redirectUrl: string } | undefined {
  if (state === undefined || !URL.canParse(redirect.url)) return undefined
  const url = new URL(redirect.url)
  url.searchParams.set('state', state)
  return { redirectUrl: url.href }
}

/** Names the rule and the error code; the rule's source and its messages stay out of the response. */
function formatRuleError({ error }: ErrorOutcome): string {
  const name = error.rule === undefined ? 'The rules' : `The rule ${error.rule}`
  return `${name} failed: ${error.code}.`
}
