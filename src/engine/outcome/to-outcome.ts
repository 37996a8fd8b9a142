import type { LoginContext } from '../../profile/context/context.ts'
import { removeReservedClaims } from '../../profile/context/reserved-claims.ts'
import type { User } from '../../profile/user/user.ts'
import type { RunResult } from '../../sandbox/wire/protocol.ts'
import { decodeLoginResult } from '../run/decode-login-result.ts'
import type { EncodedLogin, UserAndContext } from '../run/encode-login.ts'
import type { Outcome, OutcomeKind, UserUpdate } from './outcome.ts'
import { buildTrace } from './trace.ts'

/** One authentication transaction: who logs in, and how. */
export interface LoginInput {
  readonly user: User
  readonly context?: LoginContext
  /** Data of yours that is kept with the login while the user is elsewhere: your `StatesPort` gets it. */
  readonly metadata?: unknown
}

/** A login that rules were run over, as it came and as it was sent to them. The sent copy becomes the outcome's. */
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
  const { status, reason, reasonCode, error, suspended } = result
  const redirect = readRedirect(context, suspended?.by === 'redirect')
  const multifactor = toObject(context.multifactor)
  const outcome = status === 'ok' ? toOutcomeKind(redirect, multifactor) : status
  return {
    outcome,
    ...(outcome === 'deny' ? { reason: reason ?? 'a rule refused the login' } : {}),
    ...(reasonCode === undefined ? {} : { reasonCode }),
    ...(error === undefined ? {} : { reason: error.message, error }),
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

/** A worker is where rules run, so what it sends may be anything. */
const unreadableResult: Omit<RunResult, 'rules'> = {
  status: 'error',
  error: { code: 'WORKER_LOST', message: 'the worker sent a login that cannot be read' },
  login: '',
}

function toOutcomeKind(redirect: object | undefined, multifactor: object | undefined): OutcomeKind {
  if (redirect !== undefined) return 'redirect'
  return multifactor === undefined ? 'allow' : 'challenge'
}

/** Rules run again when the user comes back; a redirect they ask for then is ignored, as in Auth0. */
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

/** What was saved of the user, where anything was. */
export function addUpdates(outcome: Outcome, updates: readonly UserUpdate[]): Outcome {
  return updates.length === 0 ? outcome : { ...outcome, updates }
}
