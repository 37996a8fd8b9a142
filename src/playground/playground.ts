import { Hono } from 'hono'
import secureJson from 'secure-json-parse'
import type { EngineOptions } from '../engine/options/engine-options.ts'
import { ClaimsmithError } from '../errors/claimsmith-error.ts'
import { getSourcePosition } from '../errors/get-source-position.ts'
import type { ErrorCode } from '../errors/codes.ts'
import { readText } from '../http/body.ts'
import type { Handler } from '../http/handler.ts'
import {
  type ManagementErrorStatus,
  managementError,
  errorStatusNames,
  toResponse,
} from '../http/management/operation-result.ts'
import { authenticate, authorize } from '../http/management/authorize.ts'
import { isManagementError } from '../http/management/input.ts'
import type { ConnectionInfo } from '../http/request-details.ts'
import type { AuthServer } from '../http/server.ts'
import type { LoginEmitter } from '../login/run/login-emitter.ts'
import { type LoginOptions, applyDefaults } from '../login/options.ts'
import type { Store } from '../store/contract/store.ts'
import { serveAsset, assetNames, renderPage } from './http/assets.ts'
import { createDryRunner } from './runs/dry-runner.ts'
import { type Access, issueSession } from './http/issue-session.ts'
import { createLoginStreams } from './http/login-stream.ts'
import { createRecordings } from './http/recordings.ts'
import { type Route, routes } from './http/routes.ts'
import type { RuleRepository } from './rules/rule-repository.ts'
import type { PlaygroundServices } from './http/services.ts'

export interface PlaygroundOptions extends Pick<EngineOptions, 'network' | 'modulesFolder' | 'limits' | 'secrets'> {
  readonly server: AuthServer
  readonly store: Store
  readonly repository: RuleRepository
  readonly access: Access
  /** Emits the logins that the page shows. The server has to have the same emitter. */
  readonly loginEmitter: LoginEmitter
  /** A folder of recorded logins to choose from. */
  readonly recordings?: string
  /** The same as the server's. */
  readonly overlay?: LoginOptions['overlay']
  readonly onInternalError?: (error: unknown) => void
}

export interface Playground {
  /** Answers `/playground` and the paths below it, and passes all other requests to the server. */
  readonly handler: Handler
  /** Ends the playground's runs and streams, and leaves the server open. */
  close(): Promise<void>
}

interface Env {
  Bindings: ConnectionInfo
}

/** Adds the playground to a server: a page to write and try rules. */
export function createPlayground(options: PlaygroundOptions): Playground {
  const { server, store, repository, access, loginEmitter, overlay, onInternalError } = options
  const { issuer, engine, handler: serverHandler } = server
  const { hostname, pathname } = new URL(issuer.issuer)
  const base = pathname.replace(/\/$/, '')
  const runner = createDryRunner({ ...options, domain: hostname, findUser: (id) => store.users.get(id) })
  const settings = applyDefaults({ engine, store, issuer, tenant: hostname, ...(overlay && { overlay }) })
  const streams = createLoginStreams(loginEmitter)
  const recordings = createRecordings(options.recordings)
  const services: PlaygroundServices = {
    store,
    issuer,
    clock: Date.now,
    repository,
    runner,
    streams,
    recordings,
    settings,
  }

  const app = new Hono<Env>().basePath(`${base}/playground`)
  app.get('/', () => renderPage(base))
  for (const name of assetNames) app.get(`/${name}`, () => serveAsset(name))
  app.get('/api/session', async (c) => {
    const session = await issueSession(c.req.raw, access, issuer)
    return toResponse(isManagementError(session) ? session : { ok: true, value: session }, 200)
  })
  for (const route of routes) {
    app.on(route.method, `/api${route.path}`, async (c) => await perform(route, c.req.raw, c.env, services))
  }
  app.notFound((c) => toResponse(managementError(404, undefined, `There is nothing at ${c.req.path}.`), 404))
  app.onError((error) => {
    const response = toErrorResponse(error)
    if (response !== undefined) return response
    onInternalError?.(error)
    return toResponse(managementError(500, undefined, 'Something broke on our side.'), 500)
  })

  return {
    async handler(request, connection = {}) {
      const path = new URL(request.url).pathname
      const isOurs = path === `${base}/playground` || path.startsWith(`${base}/playground/`)
      return isOurs ? await app.fetch(request, connection) : await serverHandler(request, connection)
    },
    async close() {
      streams.close()
      await runner.close()
    },
  }
}

/** The steps of every call: authenticate, authorize, parse the body, run the route. */
async function perform(
  route: Route,
  request: Request,
  connection: ConnectionInfo,
  services: PlaygroundServices,
): Promise<Response> {
  const identity = await authenticate(request, services)
  const caller = isManagementError(identity) ? identity : authorize(identity, route, {})
  if (isManagementError(caller)) return toResponse(caller, caller.status)
  const body = route.method === 'POST' ? await readJson(request) : undefined
  const response = await route.run({ body, scopes: caller.scopes, request, connection }, services)
  return response instanceof Response ? response : toResponse(response, 200)
}

async function readJson(request: Request): Promise<unknown> {
  const text = await readText(request)
  if (text === undefined) throw new ClaimsmithError('INVALID_ARGUMENT', 'A body may hold 1 MB.')
  try {
    return secureJson.parse(text) as unknown
  } catch {
    throw new ClaimsmithError('INVALID_ARGUMENT', 'The body is not JSON, or has a forbidden key.')
  }
}

/** The errors that the user of the page can correct. Every other error is ours. */
const statuses: Partial<Record<ErrorCode, ManagementErrorStatus>> = {
  RULE_SYNTAX: 400,
  INVALID_ARGUMENT: 400,
  INVALID_LOGIN: 400,
  INVALID_RULESET: 400,
  INVALID_RECORDING: 400,
  TOKEN_TOO_LARGE: 400,
  STORE_CONFLICT: 409,
}

/** Formats an error as the Management API does, with the place in the rule if it has one. */
function toErrorResponse(error: unknown): Response | undefined {
  if (!(error instanceof ClaimsmithError)) return undefined
  const { code, message } = error
  const status = statuses[code]
  if (status === undefined) return undefined
  const { rule, line, column } = getSourcePosition(error)
  const body = { statusCode: status, error: errorStatusNames[status], errorCode: code, message, rule, line, column }
  return Response.json(body, { status, headers: { 'cache-control': 'no-store' } })
}
