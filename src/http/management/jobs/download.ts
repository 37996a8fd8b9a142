import { ClaimsmithError } from '../../../errors/claimsmith-error.ts'
import type { Job } from '../../../store/contract/jobs.ts'
import { managementError, toResponse } from '../operation-result.ts'
import type { Caller, ManagementServices } from '../operation.ts'
import { type ExportParameters, exportFile } from './export-file.ts'

const linkSeconds = 60

/** The path of an export file below `/api/v2`. It needs no access token, because its link is signed. */
export const exportFilePath = '/jobs/:id/:file'

/** Creates a link to the file of an export, valid for 60 seconds. */
export async function createDownloadUrl(job: Job, { issuer }: ManagementServices, caller: Caller): Promise<string> {
  const file = `${issuer.issuer}/api/v2/jobs/${job.id}/${buildFileName(job)}`
  const token = await issuer.signAccessToken({
    sub: caller.sub,
    audience: file,
    clientId: caller.clientId,
    scope: '',
    ruleClaims: {},
    expiresInSeconds: linkSeconds,
  })
  return `${file}?token=${token}`
}

/** Responds with the compressed file of an export. */
export async function download(request: Request, id: string, services: ManagementServices): Promise<Response> {
  const { store, issuer } = services
  const job = await store.jobs.get(id)
  const isExportFile = job?.type === 'users_export' && new URL(request.url).pathname.endsWith(`/${buildFileName(job)}`)
  if (!isExportFile) return toResponse(managementError(404, 'inexistent_job', 'The file does not exist.'), 404)
  const token = new URL(request.url).searchParams.get('token') ?? ''
  const file = `${issuer.issuer}/api/v2/jobs/${job.id}/${buildFileName(job)}`
  if (!(await isSigned(token, file, services))) {
    const message = 'The link is not valid, or older than 60 seconds; get the job for a new one.'
    return toResponse(managementError(403, 'expired_location', message), 403)
  }
  const text = ReadableStream.from(exportFile(store, job.parameters as ExportParameters))
  const body = text.pipeThrough(new TextEncoderStream()).pipeThrough(new CompressionStream('gzip'))
  return new Response(body, {
    headers: {
      'content-type': 'application/gzip',
      'content-disposition': `attachment; filename="${buildFileName(job)}"`,
      'cache-control': 'no-store',
    },
  })
}

function buildFileName({ parameters }: Job): string {
  return `users.${String(parameters['format'])}.gz`
}

async function isSigned(token: string, audience: string, { issuer, clock }: ManagementServices): Promise<boolean> {
  try {
    const { exp } = await issuer.verifyAccessToken(token, { audience })
    // Without tolerance, because the same clock signed it.
    return exp * 1_000 > clock()
  } catch (error) {
    if (error instanceof ClaimsmithError && error.code === 'INVALID_TOKEN') return false
    throw error
  }
}
