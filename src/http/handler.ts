import { Hono } from 'hono'
import { cors } from 'hono/cors'
import { type RequestIdVariables, requestId } from 'hono/request-id'
import type { LoginService } from '../login/login-service.ts'
import { oauthError } from '../login/result/result.ts'
import type { TokenIssuer } from '../tokens/issuer.ts'
import { type RateLimits, createLimiters } from './limits/rate-limits.ts'
import { managementError, toResponse } from './management/operation-result.ts'
import { createManagementApi } from './management/router.ts'
import type { ManagementServices } from './management/operation.ts'
import { continueLogin } from './continue.ts'
import { handleTokeninfoRequest, handleUserinfoRequest } from './userinfo.ts'
import { type ConnectionInfo, applyForwardedFor } from './request-details.ts'
import { respond, toErrorResponse } from './respond.ts'
import { grantTypes, handleTokenRequest } from './token.ts'

export interface HandlerOptions {
  readonly login: LoginService
  readonly issuer: TokenIssuer
  /** The services of the Management API; without them there is no Management API. */
  readonly management?: Omit<ManagementServices, 'issuer'>
  /** Serves `/hooks/<vendor>` for other auth servers; without it there are no hooks. */
  readonly hooks?: Handler
  /** Called with every unexpected exception. The client gets the request id only. */
  readonly onInternalError?: (error: unknown, requestId: string) => void
  /** Whether one proxy of yours is in front: the client's address is then the last of `X-Forwarded-For`. Default false. */
  readonly trustProxy?: boolean
  /** The rate limits of each caller; each has a default. */
  readonly rateLimits?: RateLimits
  readonly clock?: () => number
}

/** Answers a request; `connectionInfo` holds what only the listener knows, such as the client's address. */
export type Handler = (request: Request, connectionInfo?: ConnectionInfo) => Promise<Response>

interface Env {
  Bindings: ConnectionInfo
  Variables: RequestIdVariables
}

const endpoints = {
  token: '/oauth/token',
  continue: '/continue',
  userinfo: '/userinfo',
  tokeninfo: '/tokeninfo',
  discovery: '/.well-known/openid-configuration',
  jwks: '/.well-known/jwks.json',
  health: '/healthz',
  management: '/api/v2',
}

/** The methods of each path, for the header `Allow`. */
const methods: Readonly<Record<string, readonly string[]>> = {
  [endpoints.token]: ['POST'],
  [endpoints.continue]: ['GET', 'HEAD', 'POST'],
  [endpoints.userinfo]: ['GET', 'HEAD', 'POST'],
  [endpoints.tokeninfo]: ['POST'],
  [endpoints.discovery]: ['GET', 'HEAD'],
  [endpoints.jwks]: ['GET', 'HEAD'],
  [endpoints.health]: ['GET', 'HEAD'],
}

/** Pages of other origins may call everything, because no endpoint reads a cookie. */
const corsMiddleware = cors({
  origin: '*',
  allowMethods: ['GET', 'HEAD', 'POST', 'PATCH', 'PUT', 'DELETE'],
  allowHeaders: ['Authorization', 'Content-Type'],
  exposeHeaders: [
    'WWW-Authenticate',
    'X-Request-Id',
    'X-RateLimit-Limit',
    'X-RateLimit-Remaining',
    'X-RateLimit-Reset',
    'Retry-After',
  ],
  maxAge: 600,
})

/**
 * Creates the endpoints of an auth server, as a function from Request to Response.
 *
 * Paths begin with the issuer's path: with the issuer `https://example.com/auth`, mount the handler at `/auth`.
 *
 * @throws {ClaimsmithError} INVALID_ARGUMENT if a rate limit is not valid
 */
export function createHandler(options: HandlerOptions): Handler {
  const {
    login,
    issuer,
    management,
    hooks,
    onInternalError,
    trustProxy = false,
    rateLimits = {},
    clock = Date.now,
  } = options
  const limiters = createLimiters(rateLimits, clock)
  const base = new URL(issuer.issuer).pathname.replace(/\/$/, '')
  const app = new Hono<Env>().basePath(base)
  app.use(corsMiddleware)
  app.use(requestId({ limitLength: 64 }))

  app.post(endpoints.token, async (c) => respond(await handleTokenRequest(c.req.raw, c.env, { login, limiters })))
  app.on(['GET', 'POST'], endpoints.continue, async (c) => respond(await continueLogin(c.req.raw, c.env, login)))
  app.on(['GET', 'POST'], endpoints.userinfo, (c) => handleUserinfoRequest(c.req.raw, login, limiters.userinfo))
  app.post(endpoints.tokeninfo, (c) => handleTokeninfoRequest(c.req.raw, login))
  app.get(endpoints.discovery, () => Response.json(buildDiscovery(issuer, base), { headers: buildCacheHeaders(300) }))
  app.get(endpoints.jwks, () => Response.json(issuer.getJwks(), { headers: buildCacheHeaders(300) }))
  app.get(endpoints.health, () => Response.json({ status: 'ok' }))
  if (management !== undefined) {
    app.route(endpoints.management, createManagementApi({ ...management, issuer }, limiters.management))
  }
  if (hooks !== undefined) app.all('/hooks/*', (c) => hooks(c.req.raw, { ...c.env, requestId: c.get('requestId') }))

  app.notFound((c) => {
    const allowedMethods = methods[c.req.path.slice(base.length)]
    if (allowedMethods === undefined)
      return toErrorResponse(oauthError('not_found', `There is nothing at ${c.req.path}.`))
    const allow = allowedMethods.join(', ')
    return toErrorResponse(oauthError('method_not_allowed', `${c.req.path} takes ${allow}.`), { allow })
  })
  app.onError((error, c) => {
    const id = c.get('requestId')
    try {
      onInternalError?.(error, id)
    } catch {
      // The callback must not replace the response.
    }
    const message = `Internal error. Request id: ${id}.`
    return c.req.path.startsWith(`${base}${endpoints.management}/`)
      ? toResponse(managementError(500, undefined, message), 500)
      : respond(oauthError('server_error', message))
  })

  return async (request, connectionInfo = {}) =>
    app.fetch(request, trustProxy ? applyForwardedFor(request, connectionInfo) : connectionInfo)
}

function buildDiscovery(issuer: TokenIssuer, base: string): object {
  return issuer.getDiscovery({
    jwks: base + endpoints.jwks,
    token: base + endpoints.token,
    userinfo: base + endpoints.userinfo,
    scopes: ['openid', 'profile', 'email', 'phone', 'address', 'offline_access'],
    claims: [
      'sub',
      'name',
      'nickname',
      'given_name',
      'family_name',
      'picture',
      'email',
      'email_verified',
      'phone_number',
      'phone_number_verified',
      'address',
      'updated_at',
    ],
    grantTypes,
    responseTypes: ['none'],
  })
}

function buildCacheHeaders(seconds: number): Record<string, string> {
  return { 'cache-control': `public, max-age=${seconds}` }
}
