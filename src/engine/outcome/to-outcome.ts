import type { LoginContext } from '../../profile/context/context.ts'
import { removeReservedClaims } from '../../profile/context/reserved-claims.ts'
import type { RunResult } from '../../sandbox/wire/protocol.ts'
import { decodeLoginResult } from '../run/decode-login-result.ts'
import type { EncodedLogin, UserAndContext } from '../run/encode-login.ts'
import type {
  AllowOutcome,
  ChallengeOutcome,
  DenyOutcome,
  ErrorOutcome,
  Outcome,
  RedirectOutcome,
  UserUpdate,
} from './outcome.ts'
import { buildTrace } from './trace.ts'

/** A login before its rules, and as it was sent to them. The rules' changes are applied to the sent copy, which becomes user and context of the outcome. */
interface RunLogin {
  readonly before: UserAndContext
  readonly encoded: EncodedLogin
}

/** Reads a login's outcome from what the sandbox returned. */
export function toOutcome(result: RunResult, { before, encoded }: RunLogin, ruleNames: readonly string[]): Outcome {
  const after = decodeLoginResult(result, encoded, before)
  if (after === undefined)
    return toOutcome({ ...unreadableResult, rules: result.rules }, { before, encoded }, ruleNames)
  const { user, context } = after
  const redirect = readRedirect(context, result.suspended?.by === 'redirect')
  const multifactor = toObject(context.multifactor)
  return {
    ...toDecision(result, redirect, multifactor),
    ...(redirect === undefined ? {} : { redirect }),
    ...(multifactor === undefined ? {} : { multifactor }),
    user,
    context,
    claims: {
      idToken: removeReservedClaims(toObject(context.idToken) ?? {}).claims,
      accessToken: removeReservedClaims(toObject(context.accessToken) ?? {}).claims,
    },
    rules: buildTrace(result.rules, ruleNames),
  }
}

/** A worker runs rules, so it may send anything. */
const unreadableError = { code: 'WORKER_LOST', message: 'the worker sent a login that cannot be read' } as const
const unreadableResult: Omit<RunResult, 'rules'> = { status: 'error', error: unreadableError, login: '' }

/** The part of an outcome that depends on how its rules ended. */
type Decision =
  | Pick<AllowOutcome, 'outcome'>
  | Pick<DenyOutcome, 'outcome' | 'reason' | 'reasonCode'>
  | Pick<RedirectOutcome, 'outcome' | 'redirect'>
  | Pick<ChallengeOutcome, 'outcome' | 'multifactor'>
  | Pick<ErrorOutcome, 'outcome' | 'reason' | 'error'>

function toDecision(
  { status, reason, reasonCode, error = unreadableError }: RunResult,
  redirect: { url: string } | undefined,
  multifactor: Readonly<Record<string, unknown>> | undefined,
): Decision {
  if (status === 'error') return { outcome: 'error', reason: error.message, error }
  if (status === 'deny') {
    const code = reasonCode === undefined ? {} : { reasonCode }
    return { outcome: 'deny', reason: reason ?? 'a rule denied the login', ...code }
  }
  if (redirect !== undefined) return { outcome: 'redirect', redirect }
  return multifactor === undefined ? { outcome: 'allow' } : { outcome: 'challenge', multifactor }
}

/** Rules run again when the user comes back. A redirect that they ask for then is ignored, as in Auth0. */
function readRedirect(context: LoginContext, isByAction: boolean): { url: string } | undefined {
  const url: unknown = context.redirect?.url
  const isIgnored = context.protocol === 'redirect-callback' && !isByAction
  if (isIgnored || typeof url !== 'string' || url === '') return undefined
  return { url }
}

function toObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined
}

/** Adds what was saved of the user, if anything was. */
export function addUpdates(outcome: Outcome, updates: readonly UserUpdate[]): Outcome {
  return updates.length === 0 ? outcome : { ...outcome, updates }
}
