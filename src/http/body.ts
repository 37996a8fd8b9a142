import { type Result, oauthError, succeed } from '../login/result/result.ts'

/** The parameters of a request, each at most once. */
export type BodyParameters = Readonly<Record<string, string>>

const maxBodyBytes = 1_000_000

/**
 * Reads form parameters (OAuth), or a JSON object of strings (Auth0).
 *
 * An empty value or `null` counts as absent (RFC 6749, 3.2).
 */
export async function readBodyParameters(request: Request): Promise<Result<BodyParameters>> {
  const isJson = parseMediaType(request) === 'application/json'
  if (!isJson && !isForm(request)) {
    return oauthError(
      'invalid_request',
      'The content type must be application/x-www-form-urlencoded or application/json.',
    )
  }
  const text = await readText(request)
  if (text === undefined) return oauthError('request_too_large', `The body is larger than ${maxBodyBytes} bytes.`)
  return isJson ? parseJsonBody(text) : parseForm(text)
}

export function isForm(request: Request): boolean {
  return parseMediaType(request) === 'application/x-www-form-urlencoded'
}

function parseMediaType(request: Request): string | undefined {
  return request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
}

/** Reads the body as text; undefined if it is larger than 1 MB. */
export async function readText(request: Request): Promise<string | undefined> {
  if (request.body === null) return ''
  const decoder = new TextDecoder()
  let text = ''
  let size = 0
  for await (const chunk of request.body) {
    size += chunk.length
    if (size > maxBodyBytes) return undefined
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

function parseForm(text: string): Result<BodyParameters> {
  const parameters: Record<string, string> = { __proto__: null as never }
  const seenNames = new Set<string>()
  for (const [name, value] of new URLSearchParams(text)) {
    if (seenNames.has(name)) return oauthError('invalid_request', `The parameter ${name} is given more than once.`)
    seenNames.add(name)
    if (value.includes('\0')) return oauthError('invalid_request', `The parameter ${name} holds the character U+0000.`)
    if (value !== '') parameters[name] = value
  }
  return succeed(parameters)
}

function parseJsonBody(text: string): Result<BodyParameters> {
  const body = parseJson(text)
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return oauthError('invalid_request', 'The body is not a JSON object.')
  }
  const parameters: Record<string, string> = { __proto__: null as never }
  for (const [name, value] of Object.entries(body)) {
    if (value === null || value === '') continue
    if (typeof value !== 'string')
      return oauthError('invalid_request', `The member ${name} of the body is not a string.`)
    if (value.includes('\0'))
      return oauthError('invalid_request', `The member ${name} of the body holds the character U+0000.`)
    parameters[name] = value
  }
  return succeed(parameters)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
