import { Hono } from 'hono'
import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import type { ErrorCode } from '../../errors/codes.ts'
import { type Answer, type Refusal, type RefusalStatus, refuse, toResponse } from './answer.ts'
import { authenticate, authorize } from './authorize.ts'
import { isRefusal, readInput } from './input.ts'
import { download, exportFilePath } from './jobs/location.ts'
import type { ManagementServices, Operation } from './operation.ts'
import { operations } from './operations.ts'
import { unstorable } from '../../profile/storable.ts'

/** The Management API as one Hono application, to be mounted at `/api/v2`. */
export function createManagement(services: ManagementServices): Hono {
  const app = new Hono()
  for (const one of operations) {
    app.on(one.method, toHonoPath(one.path), async (c) =>
      toResponse(await perform(one, c.req.raw, c.req.param(), services), one.success.status),
    )
  }
  app.get(exportFilePath, (c) => download(c.req.raw, c.req.param('id'), services))
  for (const [path, methods] of methodsByPath()) {
    app.all(toHonoPath(path), () => toResponse(wrongMethod(methods), 405))
  }
  app.all('*', (c) => toResponse(refuse(404, undefined, `There is nothing at ${c.req.path}.`), 404))
  return app
}

/** The steps of every call: who asks, may they, is the input right, do it. */
async function perform(
  one: Operation,
  request: Request,
  path: Readonly<Record<string, string>>,
  services: ManagementServices,
): Promise<Answer> {
  const known = await authenticate(request, services)
  if (isRefusal(known)) return known
  const caller = authorize(known, one, path)
  if (isRefusal(caller)) return caller
  const strangePath = unstorable(path)
  if (strangePath !== undefined) return refuse(400, 'invalid_uri', `Path validation error: ${strangePath}`)
  const input = await readInput(request, one)
  if (isRefusal(input)) return input
  return one.run({ ...services, ...input, path, caller, request }).catch(refusalOf)
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
