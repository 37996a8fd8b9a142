import { type ManagementError, managementError } from './operation-result.ts'

/** Limit for the fields beside the file, and for the headers of each part. */
const maxOtherBytes = 16_384

/** Reads a `multipart/form-data` body (RFC 7578) as an object of texts, files included; each field at most once. */
export async function readForm(
  request: Request,
  maxFileBytes: number,
): Promise<Record<string, string> | ManagementError> {
  const type = request.headers.get('content-type') ?? ''
  if (!/^multipart\/form-data\s*;/i.test(type)) {
    return createInvalidFormError('the content type must be multipart/form-data, with a boundary')
  }
  const bytes = await readBytes(request, maxFileBytes + maxOtherBytes)
  if (bytes === undefined) return createTooLargeError(maxFileBytes)
  const form = await parse(bytes, type)
  if (form === undefined) return createInvalidFormError('the body is not multipart/form-data')
  const fields: Record<string, string> = { __proto__: null as never }
  for (const [name, value] of form) {
    if (name in fields) return createInvalidFormError(`'${name}' is given more than once`)
    if (typeof value !== 'string' && value.size > maxFileBytes) return createTooLargeError(maxFileBytes)
    const text = typeof value === 'string' ? value : decode(await value.arrayBuffer())
    if (text === undefined) return createInvalidFormError(`'${name}' is not UTF-8`)
    fields[name] = text
  }
  return fields
}

function createInvalidFormError(reason: string): ManagementError {
  return managementError(400, 'invalid_body', `Payload validation error: ${reason}.`)
}

function createTooLargeError(maxFileBytes: number): ManagementError {
  return managementError(413, 'invalid_body', `Payload too large: a file may hold ${maxFileBytes} bytes.`)
}

async function readBytes(request: Request, maxBytes: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body ?? []) {
    size += chunk.length
    if (size > maxBytes) return undefined
    chunks.push(chunk)
  }
  return Uint8Array.from(Buffer.concat(chunks))
}

async function parse(bytes: Uint8Array<ArrayBuffer>, type: string): Promise<FormData | undefined> {
  try {
    return await new Response(bytes, { headers: { 'content-type': type } }).formData()
  } catch {
    return undefined
  }
}

function decode(bytes: ArrayBuffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}
