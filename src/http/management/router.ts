import { Hono, type HonoRequest } from 'hono'
import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import type { ErrorCode } from '../../errors/codes.ts'
import { holderOf } from '../limits/address.ts'
import { withRateLimit } from '../limits/headers.ts'
import type { Limiter } from '../limits/limiter.ts'
import type { ConnectionFacts } from '../request-facts.ts'
import { type Answer, type Refusal, type RefusalStatus, refuse, toResponse } from './answer.ts'
import { authenticate, authorize } from './authorize.ts'
import { isRefusal, readInput } from './input.ts'
import { download, exportFilePath } from './jobs/location.ts'
import type { Caller, ManagementServices, Operation } from './operation.ts'
import { addDocumentation } from './documentation.ts'
import { operations } from './operations.ts'
import { unstorable } from '../../profile/metadata/storable.ts'

interface Env {
  Bindings: ConnectionFacts
  Variables: { caller: Caller | Refusal }
}

/** The Management API as one Hono application, to be mounted at `/api/v2`. */
export function createManagement(services: ManagementServices, limiter: Limiter | undefined): Hono<Env> {
  const app = new Hono<Env>()
  addDocumentation(app, services.issuer.issuer)
  app.use(async (c, next) => {
    const caller = await authenticate(c.req.raw, services)
    const standing = await limiter?.take(isRefusal(caller) ? holderOf(c.env.ip) : caller.sub)
    c.set('caller', caller)
    if (standing?.isExceeded === true) c.res = toResponse(tooMany, tooMany.status)
    else await next()
    withRateLimit(c.res, standing)
  })
  for (const one of operations) {
    app.on(one.method, toHonoPath(one.path), async (c) =>
      toResponse(await perform(one, c.req, c.get('caller'), services), one.success.status),
    )
  }
  app.get(exportFilePath, (c) => download(c.req.raw, c.req.param('id'), services))
  for (const [path, methods] of methodsByPath()) {
    app.all(toHonoPath(path), () => toResponse(wrongMethod(methods), 405))
  }
  app.all('*', (c) => toResponse(refuse(404, undefined, `There is nothing at ${c.req.path}.`), 404))
  return app
}

const tooMany = refuse(429, 'too_many_requests', 'Global limit has been reached')

/** The steps of every call: who asks, may they, is the input right, do it. */
async function perform(
  one: Operation,
  asked: HonoRequest,
  known: Caller | Refusal,
  services: ManagementServices,
): Promise<Answer> {
  if (isRefusal(known)) return known
  const path = asked.param()
  const caller = authorize(known, one, path)
  if (isRefusal(caller)) return caller
  const strangePath = unstorable(path)
  if (strangePath !== undefined) return refuse(400, 'invalid_uri', `Path validation error: ${strangePath}`)
  const input = await readInput(asked.raw, one)
  if (isRefusal(input)) return input
  return one.run({ ...services, ...input, path, caller, request: asked.raw }).catch(refusalOf)
}

/** What the store refuses is no fault of ours. */
const refusals: Partial<Record<ErrorCode, readonly [RefusalStatus, errorCode: string]>> = {
  INVALID_ARGUMENT: [400, 'invalid_body'],
  INVALID_QUERY: [400, 'invalid_query_string'],
  STORE_CONFLICT: [409, 'conflict'],
  SEARCH_TIMEOUT: [503, 'operation_timeout'],
}

function refusalOf(error: unknown): Refusal {
  const known = error instanceof ClaimsmithError ? refusals[error.code] : undefined
  if (known === undefined) throw error
  const [status, errorCode] = known
  return refuse(status, errorCode, (error as ClaimsmithError).message)
}

function methodsByPath(): Map<string, readonly string[]> {
  const paths = [...new Set(operations.map(({ path }) => path))]
  return new Map(paths.map((path) => [path, operations.filter((one) => one.path === path).map(({ method }) => method)]))
}

function wrongMethod(methods: readonly string[]): Refusal {
  const allow = methods.join(', ')
  return refuse(405, undefined, `This path takes ${allow}.`, { allow })
}

function toHonoPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1')
}
