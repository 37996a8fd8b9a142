import type { HostSecret } from '../../../wire/protocol.ts'
import { listBase64Cores } from '../../../wire/secret-forms.ts'
import { replaceInBase64 } from './replace-in-base64.ts'

/** Hides the values of secrets in what comes back from the network. */
export interface ValueHider {
  /** Replaces each value by its placeholder. The characters of a body or a header are bytes; those of a message are text. */
  hideText(text: string): string
}

/**
 * Creates a hider of the values as they are, and as JSON, URLs, forms, XML, hexadecimal and base64 write them. An encoding
 * within another one is found, too: an answer in JSON may quote a body that was JSON. A third one is not.
 */
export function createValueHider(secrets: readonly HostSecret[]): ValueHider {
  const replacements = new Map(secrets.flatMap(listReplacements))
  const forms = [...replacements.keys()].toSorted((one, other) => other.length - one.length)
  // The same value in other case is almost the value. Escapes such as %2f and \u002F have digits in either case.
  const pattern = new RegExp(forms.map(escapeRegExp).join('|'), 'gi')
  const base64 = secrets.flatMap(({ value, placeholder }) =>
    listForms(value).map((form) => ({ cores: listBase64Cores(form), from: toByteText(form), to: placeholder })),
  )
  return {
    hideText(text) {
      const hidden = text.replaceAll(pattern, (form) => replacements.get(form.toLowerCase()) ?? '')
      return base64.reduce(replaceInBase64, hidden)
    },
  }
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)
}

/** Lists the forms of a value, in lower case, and what each is replaced by. */
function listReplacements({ value, placeholder }: HostSecret): [form: string, replacement: string][] {
  const hexPlaceholder = Buffer.from(placeholder).toString('hex')
  const forms = listForms(value)
  const nestedForms = [...new Set(forms.flatMap(listForms))]
  return [
    // A service that takes the bytes of UTF-8 for Latin-1 encodes them twice.
    ...nestedForms.flatMap((form) =>
      [form, toByteText(form), toByteText(toByteText(form))].map((one): [string, string] => [
        one.toLowerCase(),
        placeholder,
      ]),
    ),
    ...forms.map((form): [string, string] => [Buffer.from(form).toString('hex'), hexPlaceholder]),
  ]
}

/** Lists a value and its encodings, each once. Most values consist of letters and digits, and have one. */
function listForms(value: string): string[] {
  return [
    ...new Set([
      value,
      value.toUpperCase(),
      value.toLowerCase(),
      ...listJsonForms(value),
      ...listUrlForms(value),
      ...listXmlForms(value),
    ]),
  ]
}

function listJsonForms(value: string): string[] {
  const json = JSON.stringify(value).slice(1, -1)
  const ascii = json.replaceAll(/[^ -~]/g, toUnicodeEscape)
  const slash = String.raw`\/`
  return [
    json,
    json.replaceAll('/', slash),
    ascii,
    ascii.replaceAll('/', slash),
    json.replaceAll(/[^ -~]|[<>&'/]/g, toUnicodeEscape),
  ]
}

function listUrlForms(value: string): string[] {
  const text = value.toWellFormed()
  const component = encodeURIComponent(text)
  return [
    component,
    encodeURI(text),
    new URLSearchParams({ '': text }).toString().slice(1),
    component.replaceAll(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16)}`),
  ]
}

function listXmlForms(value: string): string[] {
  const xml = escapeXml(value)
  return [
    xml,
    xml.replaceAll('&apos;', "'"),
    xml.replaceAll('&apos;', '&#39;'),
    xml.replaceAll('&apos;', '&#39;').replaceAll('&quot;', '&#34;'),
    xml.replaceAll('&apos;', '&#x27;'),
  ]
}

function toUnicodeEscape(character: string): string {
  return String.raw`\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

const xmlEntities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

export function escapeXml(value: string): string {
  return value.replaceAll(/[&<>"']/g, (one) => xmlEntities[one] ?? one)
}

/** The bytes of a text in UTF-8, one character each. */
export function toByteText(text: string): string {
  return Buffer.from(text).toString('latin1')
}
