import type { HostSecret } from '../../../wire/protocol.ts'
import { listBase64Cores } from '../../../wire/secret-forms.ts'
import { isHostInList, parseHostPattern } from '../../host-pattern.ts'
import { HostCallError } from '../host-call-error.ts'
import type { HttpRequest } from '../http-message.ts'
import { getHost, getPort } from '../url-parts.ts'
import { escapeXml, toByteText } from './hide-values.ts'
import { replaceInBase64 } from './replace-in-base64.ts'

/** Whether a text holds the placeholder of a secret, as it is or in base64. */
export function hasPlaceholder(text: string, { placeholder }: HostSecret): boolean {
  return text.includes(placeholder) || hasPlaceholderInBase64(text, placeholder)
}

function hasPlaceholderInBase64(text: string, placeholder: string): boolean {
  return listBase64Cores(placeholder).some(({ digits }) => text.includes(digits))
}

/**
 * Puts the values of secrets into a request, in the place of their placeholders, encoded as each place needs it.
 *
 * @throws {HostCallError} NETWORK_REFUSED if the host is not one of the secret's, or the value cannot stand in its place
 */
export function fillRequest(message: HttpRequest, secrets: readonly HostSecret[]): HttpRequest {
  const bodyText = message.body?.toString('latin1') ?? ''
  const searched = [message.url.href, ...message.headers.map(([, value]) => value), bodyText].join('\n')
  const carried = secrets.filter((secret) => hasPlaceholder(searched, secret))
  if (carried.length === 0) return message
  for (const secret of carried) assertHostOf(secret, message.url)
  return {
    ...message,
    url: new URL(carried.reduce(fillUrl, message.url.href)),
    headers: message.headers.map(([name, value]) => [name, carried.reduce(fillHeader, value)]),
    body: message.body && Buffer.from(fillBody(bodyText, message.headers, carried), 'latin1'),
  }
}

function assertHostOf({ name, hosts }: HostSecret, url: URL): void {
  const patterns = hosts.map(parseHostPattern).filter((pattern) => pattern !== undefined)
  if (isHostInList(patterns, getHost(url), getPort(url))) return
  throw createRefusal(`the request to ${url.host} carries the secret ${name}, which is for ${hosts.join(', ')} only`)
}

function createRefusal(message: string): HostCallError {
  return new HostCallError('NETWORK_REFUSED', message)
}

function fillUrl(href: string, { name, placeholder, value }: HostSecret): string {
  assertNoBase64(href, { name, placeholder }, 'the URL')
  return href.replaceAll(placeholder, () => encodeURIComponent(value.toWellFormed()))
}

function assertNoBase64(
  text: string,
  { name, placeholder }: Pick<HostSecret, 'name' | 'placeholder'>,
  place: string,
): void {
  if (!hasPlaceholderInBase64(text, placeholder)) return
  throw createRefusal(
    `the secret ${name} is in base64 in ${place}; its value can be put into base64 in headers, JSON and text only`,
  )
}

function fillHeader(text: string, { name, placeholder, value }: HostSecret): string {
  const bytes = toByteText(value)
  const inBase64 = replaceInBase64(text, { cores: listBase64Cores(placeholder), from: placeholder, to: bytes })
  if (!inBase64.includes(placeholder)) return inBase64
  // oxlint-disable-next-line no-control-regex -- these are what a header may not hold
  if (/[\x00-\x08\x0a-\x1f\x7f]/.test(value)) {
    throw createRefusal(
      `the value of the secret ${name} has a line break or another control character, which no header may hold`,
    )
  }
  return inBase64.replaceAll(placeholder, () => bytes)
}

function fillBody(text: string, headers: HttpRequest['headers'], secrets: readonly HostSecret[]): string {
  const [, type = ''] = headers.find(([name]) => /^content-type$/i.test(name)) ?? []
  const encode = chooseEncoding(type, text)
  return secrets.reduce((filled, secret) => {
    const { placeholder, value } = secret
    if (encode === encodeURIComponent) assertNoBase64(filled, secret, 'a form')
    const replacement = toByteText(encode(value.toWellFormed()))
    const inBase64 = replaceInBase64(filled, {
      cores: listBase64Cores(placeholder),
      from: placeholder,
      to: toByteText(value),
    })
    return inBase64.replaceAll(placeholder, () => replacement)
  }, text)
}

/** Chooses how a value is written in a body. JSON is often sent without its type: `fetch` calls every string plain text. */
function chooseEncoding(type: string, body: string): (value: string) => string {
  if (/^application\/x-www-form-urlencoded\b/i.test(type)) return encodeURIComponent
  if (/^[\w.-]+\/(?:[\w.-]+\+)?json\b/i.test(type)) return encodeJsonText
  if (/^[\w.-]+\/(?:[\w.-]+\+)?xml\b/i.test(type)) return escapeXml
  const isJson = (type === '' || /^text\/plain\b/i.test(type)) && /^\s*[[{"]/.test(body) && canParseJson(body)
  return isJson ? encodeJsonText : (value) => value
}

function encodeJsonText(value: string): string {
  return JSON.stringify(value).slice(1, -1)
}

function canParseJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
