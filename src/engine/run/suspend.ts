import { randomBytes } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import type { LoginContext, LoginRequest } from '../../profile/context/context.ts'
import type { User } from '../../profile/user/user.ts'
import { decode } from '../../sandbox/wire/codec.ts'
import type { Asked, Flow } from '../../sandbox/wire/flow.ts'
import type { Program, RunResult } from '../../sandbox/wire/protocol.ts'
import type { UserAndContext } from './login-text.ts'
import type { SuspendedLogin } from '../ports/states-port.ts'

/** What a suspended login holds as text. */
interface Suspended {
  readonly sessionID: string | undefined
  /** The protocol that the login began with, and what its request asked for. */
  readonly protocol: string | undefined
  readonly asked: Asked | undefined
  /** The login as it came, as `encode` wrote it. */
  readonly before: string
  /** The same after the action that suspended it; absent where rules did, for they run again from the beginning. */
  readonly after?: string
  readonly action?: string
}

/** What is known of a user who comes back. */
export interface ComingBack {
  /** The user as they are now. Without it, as they were. */
  readonly user?: User
  /** Where given, the state must be of the login with this `context.sessionID`. */
  readonly sessionID?: string
}

/** Three days, as in Auth0. */
const lifetimeMs = 259_200_000

/** Makes a suspended login of one that its rules, or an action, sent elsewhere. */
export function suspend(
  { login, before, flow, carry }: { login: string; before: UserAndContext; flow: Flow | undefined; carry: unknown },
  result: RunResult,
  nowMs: number,
): SuspendedLogin {
  const { suspended } = result
  const { user, context } = before
  const content: Suspended = {
    sessionID: context.sessionID,
    protocol: flow?.protocol ?? context.protocol,
    asked: flow?.asked ?? askedOf(context.request),
    before: login,
    ...(suspended === undefined ? {} : { after: result.login, action: suspended.action }),
  }
  return {
    state: randomBytes(32).toString('base64url'),
    expiresAtMs: nowMs + lifetimeMs,
    userId: user.user_id,
    waitsFor: suspended?.by ?? 'redirect',
    login: JSON.stringify(content),
    ...(carry === undefined ? {} : { carry }),
  }
}

function askedOf(request: LoginRequest | undefined): Asked | undefined {
  if (request === undefined) return undefined
  const { query, body } = request
  return { ...(query === undefined ? {} : { query }), ...(body === undefined ? {} : { body }) }
}

/** Nobody can be sent anywhere who is not there: a refresh, or a request that must not show anything. */
export function canComeBack({ protocol, request }: LoginContext): boolean {
  return protocol !== 'oauth2-refresh-token' && request?.query?.['prompt'] !== 'none'
}

/**
 * How a suspended login goes on: from the beginning where rules had sent the user away, at the action that did, or after
 * the one that asked for a challenge, which counts as passed.
 *
 * @throws {ClaimsmithError} INVALID_STATE
 */
export function resumption(
  { state, login, waitsFor }: SuspendedLogin,
  { rules }: { readonly rules: ReadonlyArray<Pick<Program['rules'][number], 'kind' | 'name'>> },
  { request, user, sessionID, nowMs }: ComingBack & { readonly request: LoginRequest; readonly nowMs: number },
): { readonly login: UserAndContext; readonly flow: Flow } {
  const { sessionID: ofLogin, protocol, asked, before, after, action } = JSON.parse(login) as Suspended
  if (sessionID !== undefined && sessionID !== ofLogin) throw lostState('it is of another login')
  const original = decode(before) as UserAndContext
  const told = { ...(protocol === undefined ? {} : { protocol }), ...(asked === undefined ? {} : { asked }) }
  if (after === undefined || action === undefined) {
    const context = { ...original.context, request, protocol: 'redirect-callback' }
    return { login: { user: user ?? original.user, context }, flow: { first: 0, state, ...told } }
  }
  const at = rules.findIndex(({ kind, name }) => kind === 'action' && name === action)
  if (at < 0) throw lostState(`the action ${action} is not there any more`)
  const left = decode(after) as UserAndContext
  const { redirect: _, multifactor: __, authentication, ...context } = left.context
  const latest = user === undefined ? left.user : brought(original.user, left.user, user)
  if (waitsFor === 'challenge') {
    const methods = [...(authentication?.methods ?? []), { name: 'mfa', timestamp: nowMs }]
    const passed = { ...context, request, authentication: { ...authentication, methods } }
    return { login: { user: latest, context: passed }, flow: { first: at + 1, ...told } }
  }
  const waiting = { ...left.context, request }
  delete waiting.redirect
  return { login: { user: latest, context: waiting }, flow: { first: at, continues: action, state, ...told } }
}

export function lostState(why: string): ClaimsmithError {
  return new ClaimsmithError('INVALID_STATE', `The state cannot be resumed: ${why}.`)
}

/** What has changed in the store meanwhile wins, attribute by attribute; what rules and actions had changed stays. */
function brought(before: User, after: User, now: User): User {
  const result: User = { ...after }
  for (const name of new Set([...Object.keys(before), ...Object.keys(now)])) {
    if (isDeepStrictEqual(before[name], now[name])) continue
    if (Object.hasOwn(now, name)) result[name] = now[name]
    else delete result[name]
  }
  return result
}
