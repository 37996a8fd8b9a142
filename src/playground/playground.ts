import { Hono } from 'hono'
import secureJson from 'secure-json-parse'
import type { EngineOptions } from '../engine/options/engine-options.ts'
import { ClaimsmithError } from '../errors/claimsmith-error.ts'
import type { ErrorCode } from '../errors/codes.ts'
import { readText } from '../http/body.ts'
import type { Handler } from '../http/handler.ts'
import { type RefusalStatus, refuse, refusalNames, toResponse } from '../http/management/answer.ts'
import { authenticate, authorize } from '../http/management/authorize.ts'
import { isRefusal } from '../http/management/input.ts'
import type { ConnectionFacts } from '../http/request-facts.ts'
import type { AuthServer } from '../http/server.ts'
import type { FinishedLogins } from '../login/run/finished-logins.ts'
import { type LoginOptions, withDefaults } from '../login/options.ts'
import type { Store } from '../store/contract/store.ts'
import { asset, assetNames, page } from './http/assets.ts'
import { createDryRunner } from './runs/dry-runner.ts'
import { type Access, sessionOf } from './http/gate.ts'
import { createLoginStreams } from './http/login-stream.ts'
import { createRecordings } from './http/recordings.ts'
import { type Route, routes } from './http/routes.ts'
import type { RulesHome } from './rules/rules-home.ts'
import type { Services } from './http/services.ts'

export interface PlaygroundOptions extends Pick<EngineOptions, 'network' | 'modulesFolder' | 'limits' | 'secrets'> {
  readonly server: AuthServer
  readonly store: Store
  readonly home: RulesHome
  readonly access: Access
  /** The logins that the page shows as they end; the server was given the same. */
  readonly finished: FinishedLogins
  /** A folder of recorded logins to choose from. */
  readonly recordings?: string
  /** As the server has it. */
  readonly overlay?: LoginOptions['overlay']
  readonly onError?: (error: unknown) => void
}

export interface Playground {
  /** Answers `/playground` and what is below it, and hands everything else to the server. */
  readonly handler: Handler
  /** Ends its runs and streams; the server stays. */
  close(): Promise<void>
}

interface Env {
  Bindings: ConnectionFacts
}

/** Puts the page on which rules are written and tried before a server. */
export function createPlayground(options: PlaygroundOptions): Playground {
  const { server, store, home, access, finished, overlay, onError } = options
  const { issuer, engine, handler: behind } = server
  const { hostname, pathname } = new URL(issuer.issuer)
  const base = pathname.replace(/\/$/, '')
  const runner = createDryRunner({ ...options, domain: hostname, findUser: (id) => store.users.get(id) })
  const settings = withDefaults({ engine, store, issuer, tenant: hostname, ...(overlay && { overlay }) })
  const streams = createLoginStreams(finished)
  const recordings = createRecordings(options.recordings)
  const services: Services = { store, issuer, clock: Date.now, home, runner, streams, recordings, settings }

  const app = new Hono<Env>().basePath(`${base}/playground`)
  app.get('/', () => page(base))
  for (const name of assetNames) app.get(`/${name}`, () => asset(name))
  app.get('/api/session', async (c) => {
    const session = await sessionOf(c.req.raw, access, issuer)
    return toResponse(isRefusal(session) ? session : { ok: true, value: session }, 200)
  })
  for (const route of routes) {
    app.on(route.method, `/api${route.path}`, async (c) => await perform(route, c.req.raw, c.env, services))
  }
  app.notFound((c) => toResponse(refuse(404, undefined, `There is nothing at ${c.req.path}.`), 404))
  app.onError((error) => {
    const answered = refusalOf(error)
    if (answered !== undefined) return answered
    onError?.(error)
    return toResponse(refuse(500, undefined, 'Something broke on our side.'), 500)
  })

  return {
    async handler(request, facts = {}) {
      const path = new URL(request.url).pathname
      const isOurs = path === `${base}/playground` || path.startsWith(`${base}/playground/`)
      return isOurs ? await app.fetch(request, facts) : await behind(request, facts)
    },
    async close() {
      streams.close()
      await runner.close()
    },
  }
}

/** The steps of every call: who asks, may they, is the body JSON, do it. */
async function perform(route: Route, request: Request, facts: ConnectionFacts, services: Services): Promise<Response> {
  const known = await authenticate(request, services)
  const caller = isRefusal(known) ? known : authorize(known, route, {})
  if (isRefusal(caller)) return toResponse(caller, caller.status)
  const body = route.method === 'POST' ? await readJson(request) : undefined
  const answered = await route.run({ body, scopes: caller.scopes, request, facts }, services)
  return answered instanceof Response ? answered : toResponse(answered, 200)
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

/** What the person at the page did wrong; anything else is a fault of ours. */
const statuses: Partial<Record<ErrorCode, RefusalStatus>> = {
  RULE_SYNTAX: 400,
  INVALID_ARGUMENT: 400,
  INVALID_LOGIN: 400,
  INVALID_RULESET: 400,
  INVALID_RECORDING: 400,
  TOKEN_TOO_LARGE: 400,
  STORE_CONFLICT: 409,
}

/** As the Management API says it, with the place where there is one. */
function refusalOf(error: unknown): Response | undefined {
  const status = error instanceof ClaimsmithError ? statuses[error.code] : undefined
  if (status === undefined) return undefined
  const { code, message, details } = error as ClaimsmithError
  const { rule, line, column } = details
  const body = { statusCode: status, error: refusalNames[status], errorCode: code, message, rule, line, column }
  return Response.json(body, { status, headers: { 'cache-control': 'no-store' } })
}
