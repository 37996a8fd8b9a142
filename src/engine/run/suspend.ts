import { randomBytes } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import type { LoginContext, LoginRequest } from '../../profile/context/context.ts'
import type { User } from '../../profile/user/user.ts'
import { decode } from '../../sandbox/wire/codec.ts'
import type { OriginalRequest, ResumePoint } from '../../sandbox/wire/resume-point.ts'
import type { Program, RunResult } from '../../sandbox/wire/protocol.ts'
import type { RunOptions } from '../options/run-options.ts'
import type { Outcome } from '../outcome/outcome.ts'
import type { ResumeInput } from '../ports/login-input.ts'
import type { SuspendedLogin, SuspendedLoginStore } from '../ports/suspended-login-store.ts'
import type { EncodedLogin, UserAndContext } from './encode-login.ts'
import type { CompletedLogin } from './run-login.ts'

/** What `SuspendedLogin.login` holds as JSON. */
interface SuspensionRecord {
  readonly sessionID: string | undefined
  /** The protocol that the login began with, and what its request asked for. */
  readonly protocol: string | undefined
  readonly originalRequest: OriginalRequest | undefined
  /** `encode({ user, context })` before the rules. */
  readonly before: string
  /** The same after the action that suspended the login. Absent if a rule did: rules run again from the first one. */
  readonly after?: string
  readonly action?: string
}

/** Three days, as in Auth0. */
const lifetimeMs = 259_200_000

/** A login that has run, with what it began with. */
interface RunLogin {
  readonly before: UserAndContext
  readonly encoded: EncodedLogin
  readonly options: Pick<RunOptions, 'resumePoint'>
  readonly metadata: unknown
}

/** Suspends a login whose rules, or an action, sent the user elsewhere; the outcome then has a `state`. */
export async function suspendLogin(
  { suspendedLogins, clock }: { readonly suspendedLogins: SuspendedLoginStore; readonly clock: () => number },
  login: RunLogin,
  { outcome, result }: CompletedLogin,
): Promise<Outcome> {
  const isSuspended = outcome.outcome === 'redirect' || result.suspended !== undefined
  if (!isSuspended || !canComeBack(login.before.context)) return outcome
  const suspendedLogin = createSuspendedLogin(login, result, clock())
  await suspendedLogins.save(suspendedLogin)
  return { ...outcome, state: suspendedLogin.state }
}

function createSuspendedLogin(
  { before, encoded, options: { resumePoint }, metadata }: RunLogin,
  result: RunResult,
  nowMs: number,
): SuspendedLogin {
  const { suspended } = result
  const { user, context } = before
  const content: SuspensionRecord = {
    sessionID: context.sessionID,
    protocol: resumePoint?.protocol ?? context.protocol,
    originalRequest: resumePoint?.originalRequest ?? toOriginalRequest(context.request),
    before: encoded.text,
    ...(suspended === undefined ? {} : { after: result.login, action: suspended.action }),
  }
  return {
    state: randomBytes(32).toString('base64url'),
    expiresAtMs: nowMs + lifetimeMs,
    userId: user.user_id,
    waitsFor: suspended?.by ?? 'redirect',
    login: JSON.stringify(content),
    ...(metadata === undefined ? {} : { metadata }),
  }
}

function toOriginalRequest(request: LoginRequest | undefined): OriginalRequest | undefined {
  if (request === undefined) return undefined
  const { query, body } = request
  return { ...(query === undefined ? {} : { query }), ...(body === undefined ? {} : { body }) }
}

/** A refresh has no user who could be sent anywhere, and `prompt=none` must not show anything. */
function canComeBack({ protocol, request }: LoginContext): boolean {
  return protocol !== 'oauth2-refresh-token' && request?.query?.['prompt'] !== 'none'
}

/**
 * Prepares how a suspended login continues:
 *
 * - from the first rule, if a rule redirected the user;
 * - at the action that redirected the user;
 * - after the action that asked for a challenge, which counts as passed.
 *
 * @throws {ClaimsmithError} INVALID_STATE if the state is of another login, or its action does not exist any more
 */
export function prepareResume(
  { state, login, waitsFor }: SuspendedLogin,
  { rules }: { readonly rules: ReadonlyArray<Pick<Program['rules'][number], 'kind' | 'name'>> },
  { request, user, sessionID, nowMs }: ResumeInput & { readonly request: LoginRequest; readonly nowMs: number },
): { readonly login: UserAndContext; readonly resumePoint: ResumePoint } {
  const {
    sessionID: loginSessionID,
    protocol,
    originalRequest,
    before,
    after,
    action,
  } = JSON.parse(login) as SuspensionRecord
  if (sessionID !== undefined && sessionID !== loginSessionID) throw createInvalidStateError('it is of another login')
  const originalLogin = decode(before) as UserAndContext
  const resumeInfo = {
    ...(protocol === undefined ? {} : { protocol }),
    ...(originalRequest === undefined ? {} : { originalRequest }),
  }
  if (after === undefined || action === undefined) {
    const context = { ...originalLogin.context, request, protocol: 'redirect-callback' }
    return { login: { user: user ?? originalLogin.user, context }, resumePoint: { ruleIndex: 0, state, ...resumeInfo } }
  }
  const actionIndex = rules.findIndex(({ kind, name }) => kind === 'action' && name === action)
  if (actionIndex < 0) throw createInvalidStateError(`the action ${action} does not exist any more`)
  const suspendedLogin = decode(after) as UserAndContext
  const { redirect: _, multifactor: __, authentication, ...context } = suspendedLogin.context
  const latest =
    user === undefined ? suspendedLogin.user : mergeUserChanges(originalLogin.user, suspendedLogin.user, user)
  if (waitsFor === 'challenge') {
    const methods = [...(authentication?.methods ?? []), { name: 'mfa', timestamp: nowMs }]
    const contextAfterMfa = { ...context, request, authentication: { ...authentication, methods } }
    return {
      login: { user: latest, context: contextAfterMfa },
      resumePoint: { ruleIndex: actionIndex + 1, ...resumeInfo },
    }
  }
  const resumedContext = { ...suspendedLogin.context, request }
  delete resumedContext.redirect
  return {
    login: { user: latest, context: resumedContext },
    resumePoint: { ruleIndex: actionIndex, action, state, ...resumeInfo },
  }
}

export function createInvalidStateError(why: string): ClaimsmithError {
  return new ClaimsmithError('INVALID_STATE', `The state cannot be resumed: ${why}.`)
}

/** Merges by attribute: what has changed in the store meanwhile overrides what rules and actions had changed. */
function mergeUserChanges(before: User, after: User, currentUser: User): User {
  const result: User = { ...after }
  for (const name of new Set([...Object.keys(before), ...Object.keys(currentUser)])) {
    if (isDeepStrictEqual(before[name], currentUser[name])) continue
    if (Object.hasOwn(currentUser, name)) result[name] = currentUser[name]
    else delete result[name]
  }
  return result
}
