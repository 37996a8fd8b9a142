import { Hono, type HonoRequest } from 'hono'
import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import { toAddressKey } from '../limits/address-key.ts'
import { setRateLimitHeaders } from '../limits/headers.ts'
import type { Limiter } from '../limits/limiter.ts'
import type { ConnectionInfo } from '../request-details.ts'
import { type OperationResult, type ManagementError, managementError, toResponse } from './operation-result.ts'
import { managementErrors } from './management-errors.ts'
import { authenticate, authorize } from './authorize.ts'
import { isManagementError, readInput } from './input.ts'
import { download, exportFilePath } from './jobs/download.ts'
import type { Caller, ManagementServices, Operation } from './operation.ts'
import { addDocumentation } from './documentation.ts'
import { operations } from './operations.ts'
import { findUnstorable } from '../../profile/metadata/find-unstorable.ts'

interface Env {
  Bindings: ConnectionInfo
  Variables: { caller: Caller | ManagementError }
}

/** Creates the Management API as a Hono application, to be mounted at `/api/v2`. */
export function createManagementApi(services: ManagementServices, limiter: Limiter | undefined): Hono<Env> {
  const app = new Hono<Env>()
  addDocumentation(app, services.issuer.issuer)
  app.use(async (c, next) => {
    const caller = await authenticate(c.req.raw, services)
    const rateLimitStatus = await limiter?.consume(isManagementError(caller) ? toAddressKey(c.env.ip) : caller.sub)
    c.set('caller', caller)
    if (rateLimitStatus?.isExceeded === true) c.res = toResponse(tooManyRequestsError, tooManyRequestsError.status)
    else await next()
    setRateLimitHeaders(c.res, rateLimitStatus)
  })
  for (const operation of operations) {
    app.on(operation.method, toHonoPath(operation.path), async (c) =>
      toResponse(await runOperation(operation, c.req, c.get('caller'), services), operation.success.status),
    )
  }
  app.get(exportFilePath, (c) => download(c.req.raw, c.req.param('id'), services))
  for (const [path, methods] of groupMethodsByPath()) {
    app.all(toHonoPath(path), () => toResponse(createMethodError(methods), 405))
  }
  app.all('*', (c) => toResponse(managementError(404, undefined, `There is nothing at ${c.req.path}.`), 404))
  return app
}

const tooManyRequestsError = managementError(429, 'too_many_requests', 'Global limit has been reached')

/** The steps of every call: authenticate, authorize, validate, run. */
async function runOperation(
  operation: Operation,
  request: HonoRequest,
  authentication: Caller | ManagementError,
  services: ManagementServices,
): Promise<OperationResult> {
  if (isManagementError(authentication)) return authentication
  const path = request.param()
  const caller = authorize(authentication, operation, path)
  if (isManagementError(caller)) return caller
  const unstorableError = findUnstorable(path)
  if (unstorableError !== undefined)
    return managementError(400, 'invalid_uri', `Path validation error: ${unstorableError}`)
  const input = await readInput(request.raw, operation)
  if (isManagementError(input)) return input
  return operation.run({ ...services, ...input, path, caller, request: request.raw }).catch(toManagementError)
}

function toManagementError(error: unknown): ManagementError {
  const mapping = error instanceof ClaimsmithError ? managementErrors[error.code] : undefined
  if (mapping === undefined) throw error
  const [status, errorCode] = mapping
  return managementError(status, errorCode, (error as ClaimsmithError).message)
}

function groupMethodsByPath(): Map<string, readonly string[]> {
  const paths = [...new Set(operations.map(({ path }) => path))]
  return new Map(
    paths.map((path) => [path, operations.filter((operation) => operation.path === path).map(({ method }) => method)]),
  )
}

function createMethodError(methods: readonly string[]): ManagementError {
  const allow = methods.join(', ')
  return managementError(405, undefined, `This path takes ${allow}.`, { allow })
}

function toHonoPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1')
}
