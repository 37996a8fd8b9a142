import { type Result, fail, succeed } from '../login/result/result.ts'

/** The parameters of a request, each at most once. */
export type Parameters = Readonly<Record<string, string>>

const maxBodyBytes = 1_000_000

/**
 * Reads a body of form parameters, or a JSON object of strings, as OAuth endpoints and Auth0's take them.
 *
 * An empty value counts as none (RFC 6749, 3.2), and so does `null`.
 */
export async function readParameters(request: Request): Promise<Result<Parameters>> {
  const json = mediaType(request) === 'application/json'
  if (!json && !isForm(request)) {
    return fail('invalid_request', 'The content type must be application/x-www-form-urlencoded or application/json.')
  }
  const text = await readText(request)
  if (text === undefined) return fail('request_too_large', `The body is larger than ${maxBodyBytes} bytes.`)
  return json ? fromJson(text) : fromForm(text)
}

export function isForm(request: Request): boolean {
  return mediaType(request) === 'application/x-www-form-urlencoded'
}

function mediaType(request: Request): string | undefined {
  return request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
}

/** The body as text; undefined when it is larger than 1 MB. */
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

function fromForm(text: string): Result<Parameters> {
  const parameters: Record<string, string> = { __proto__: null as never }
  const met = new Set<string>()
  for (const [name, value] of new URLSearchParams(text)) {
    if (met.has(name)) return fail('invalid_request', `The parameter ${name} is given more than once.`)
    met.add(name)
    if (value.includes('\0')) return fail('invalid_request', `The parameter ${name} holds the character U+0000.`)
    if (value !== '') parameters[name] = value
  }
  return succeed(parameters)
}

function fromJson(text: string): Result<Parameters> {
  const body = parse(text)
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    return fail('invalid_request', 'The body is not a JSON object.')
  }
  const parameters: Record<string, string> = { __proto__: null as never }
  for (const [name, value] of Object.entries(body)) {
    if (value === null || value === '') continue
    if (typeof value !== 'string') return fail('invalid_request', `The member ${name} of the body is not a string.`)
    if (value.includes('\0'))
      return fail('invalid_request', `The member ${name} of the body holds the character U+0000.`)
    parameters[name] = value
  }
  return succeed(parameters)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
