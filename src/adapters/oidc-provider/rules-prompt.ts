import type { KoaContextWithOIDC, interactionPolicy } from 'oidc-provider'
import type { Outcome } from '../../engine/outcome/outcome.ts'
import { toErrorDescription } from '../../engine/outcome/to-error-description.ts'
import { loadOidcProvider } from './load-oidc-provider.ts'
import type { Resumption } from './login-input.ts'
import { type OidcProviderLogins, getResumption } from './oidc-provider-logins.ts'

/** Builds the prompt `rules`: it runs the rules at the authorization endpoint, and asks for a redirect or a challenge. */
export function createRulesPrompt(logins: OidcProviderLogins): interactionPolicy.Prompt {
  const { errors, interactionPolicy: policy } = loadOidcProvider()
  const { Check, Prompt } = policy
  const detailsByRequest = new WeakMap<KoaContextWithOIDC, Record<string, unknown>>()

  /** Runs the rules once user and grant are known. @throws {errors.AccessDenied} if they deny the login */
  async function isPromptNeeded(ctx: KoaContextWithOIDC): Promise<boolean> {
    const { session, client } = ctx.oidc
    const accountId = session?.accountId
    const grantId = client === undefined ? undefined : session?.grantIdFor(client.clientId)
    if (accountId === undefined || grantId === undefined) return Check.NO_NEED_TO_PROMPT
    const outcome = await logins.runRules(ctx, accountId, 'oidc-basic-profile')
    const details = toPromptDetails(outcome, getResumption(ctx))
    if (details !== undefined) {
      detailsByRequest.set(ctx, details)
      return Check.REQUEST_PROMPT
    }
    const isChallenge = outcome.outcome === 'challenge'
    const denial = isChallenge ? undefined : toErrorDescription(outcome)
    if (denial !== undefined) throw new errors.AccessDenied(denial)
    await logins.save(grantId, outcome)
    return Check.NO_NEED_TO_PROMPT
  }

  const check = new Check('rules', 'a rule asks for it', isPromptNeeded, (ctx) => detailsByRequest.get(ctx) ?? {})
  return new Prompt({ name: 'rules', requestable: false }, check)
}

/** Undefined if the user need not go anywhere; a challenge that they have passed is not repeated. */
function toPromptDetails(
  { outcome, redirect, multifactor, state }: Outcome,
  { challenged }: Resumption,
): Record<string, unknown> | undefined {
  if (outcome === 'redirect') return { redirect, state }
  return outcome === 'challenge' && challenged !== true ? { multifactor, state } : undefined
}
