import { stringify as stringifyFlat } from 'querystring'
import { parse, stringify } from 'qs'
import { parse as parseUrl, type Url } from 'url'
import { MultipartForm } from './multipart.ts'
import type { Auth, Options } from './options.ts'

/** The message that is sent next; a redirect changes it. */
export interface RequestMessage {
  uri: Url
  method: string
  readonly headers: HeaderList
  body: Buffer | undefined
}

/** Headers: names are compared without regard to case, and sent as they were written. */
export class HeaderList {
  readonly #values = new Map<string, [name: string, value: unknown]>()

  constructor(headers: Record<string, unknown> = {}) {
    for (const [name, value] of Object.entries(headers)) if (value !== undefined) this.set(name, value)
  }
  set(name: string, value: unknown): void {
    this.#values.set(name.toLowerCase(), [name, value])
  }
  setDefault(name: string, value: unknown): void {
    if (!this.has(name)) this.set(name, value)
  }
  has(name: string): boolean {
    return this.#values.has(name.toLowerCase())
  }
  get(name: string): string | undefined {
    const entry = this.#values.get(name.toLowerCase())
    return entry === undefined ? undefined : String(entry[1])
  }
  remove(name: string): void {
    this.#values.delete(name.toLowerCase())
  }
  toPairs(): [string, string][] {
    return [...this.#values.values()].flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [value]).map((one): [string, string] => [name, String(one)]),
    )
  }
  toObject(): Record<string, unknown> {
    return Object.fromEntries(this.#values.values())
  }
}

const formType = 'application/x-www-form-urlencoded'
const formTypePattern = new RegExp(`^${formType}\\b`)

export function createMessage(options: Options): RequestMessage {
  const uri = addQuery(resolveUri(options), options)
  const headers = new HeaderList(options.headers)
  const message: RequestMessage = { uri, method: (options.method ?? 'GET').toUpperCase(), headers, body: undefined }
  if (options.formData !== undefined) setFormData(message, options.formData)
  if (options.form !== undefined && options.form !== true) setForm(message, options)
  else if (options.body !== undefined || isJson(options)) setBody(message, options)
  if (isJson(options)) headers.setDefault('accept', 'application/json')
  if (options.gzip === true) headers.setDefault('accept-encoding', 'gzip, deflate')
  const urlAuth = parseUrlAuth(uri)
  if (urlAuth !== undefined && !headers.has('authorization')) setAuth(headers, urlAuth)
  if (options.auth !== undefined && options.auth.sendImmediately !== false) setAuth(headers, options.auth)
  return message
}

export function isJson({ json }: Options): boolean {
  return json !== undefined && json !== null && json !== false
}

function resolveUri({ uri, url = uri, baseUrl }: Options): Url {
  const target = uri ?? url
  if (target === undefined || target === null) throw new Error('options.uri is a required argument')
  if (typeof target !== 'string') return parseUrl(target.href)
  const fullUri = baseUrl === undefined ? target : `${baseUrl.replace(/\/$/, '')}/${target.replace(/^\//, '')}`
  const parsed = parseUrl(baseUrl !== undefined && target === '' ? baseUrl : fullUri)
  if (parsed.host === null || parsed.host === '') throw new Error(`Invalid URI "${fullUri.slice(0, 200)}"`)
  return parsed
}

function addQuery(uri: Url, options: Options): Url {
  if (options.qs === undefined) return uri
  const before = parse(uri.search?.slice(1) ?? '', options.qsParseOptions)
  const query = stringifyQuery({ ...before, ...options.qs }, options)
  const [base] = uri.href.split('?')
  return query === '' ? uri : parseUrl(`${base}?${query}`)
}

function stringifyQuery(values: object, { useQuerystring, qsStringifyOptions }: Options): string {
  return encodeRfc3986(useQuerystring === true ? stringifyFlat(values as never) : stringify(values, qsStringifyOptions))
}

function encodeRfc3986(text: string): string {
  return text.replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
}

function setForm(message: RequestMessage, options: Options): void {
  const { form } = options
  if (!formTypePattern.test(message.headers.get('content-type') ?? '')) message.headers.set('content-type', formType)
  message.body = Buffer.from(typeof form === 'string' ? encodeRfc3986(form) : stringifyQuery(form as object, options))
}

function setFormData(message: RequestMessage, values: NonNullable<Options['formData']>): void {
  const form = new MultipartForm()
  for (const [name, value] of Object.entries(values)) {
    for (const one of Array.isArray(value) ? value : [value]) form.append(name, one)
  }
  message.headers.set('content-type', form.contentType)
  message.body = form.toBuffer()
}

function setBody(message: RequestMessage, options: Options): void {
  const { body, json } = options
  const value = typeof json === 'boolean' || !isJson(options) ? body : json
  if (value === undefined) return
  if (!isJson(options)) {
    if (typeof value !== 'string' && !ArrayBuffer.isView(value)) {
      throw new Error('Argument error, options.body. A rule sends a text or a Buffer, or anything with json: true')
    }
    message.body = Buffer.from(value as string)
    return
  }
  const isFormText = formTypePattern.test(message.headers.get('content-type') ?? '')
  const text = isFormText && typeof value === 'string' ? encodeRfc3986(value) : JSON.stringify(value)
  message.headers.setDefault('content-type', 'application/json')
  message.body = Buffer.from(text)
}

export function setAuth(headers: HeaderList, auth: Auth): void {
  const { bearer } = auth
  headers.set('authorization', bearer === undefined ? formatBasicAuth(auth) : `Bearer ${resolveBearer(bearer)}`)
}

function resolveBearer(bearer: string | (() => string)): string {
  return typeof bearer === 'function' ? bearer() : bearer
}

function formatBasicAuth({ username, user = username, password, pass = password }: Auth): string {
  if (typeof user !== 'string' || (pass !== undefined && typeof pass !== 'string')) {
    throw new Error('auth() received invalid user or password')
  }
  return `Basic ${Buffer.from(`${user}:${pass ?? ''}`).toString('base64')}`
}

function parseUrlAuth({ auth }: Url): Auth | undefined {
  if (auth === null || auth === '') return undefined
  const [user = '', ...rest] = auth.split(':')
  return { user, pass: rest.join(':') }
}
