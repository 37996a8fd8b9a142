import type { Url } from 'url'
import type { FormValue } from './multipart.ts'

/** The options of `request`. Agents, proxies and TLS settings are accepted and ignored: the host decides them. */
export interface Options {
  uri?: string | Url
  url?: string | Url
  baseUrl?: string
  method?: string
  headers?: Record<string, unknown>
  qs?: Record<string, unknown>
  qsStringifyOptions?: object
  qsParseOptions?: object
  useQuerystring?: boolean
  body?: unknown
  form?: string | Record<string, unknown> | true
  formData?: Record<string, FormValue | readonly FormValue[]>
  json?: unknown
  jsonReviver?: (key: string, value: unknown) => unknown
  auth?: Auth
  timeout?: number
  followRedirect?: boolean | ((response: unknown) => boolean)
  followAllRedirects?: boolean
  followOriginalHttpMethod?: boolean
  maxRedirects?: number
  removeRefererHeader?: boolean
  gzip?: boolean
  encoding?: string | null
  callback?: Callback
}

export interface Auth {
  readonly user?: string
  readonly username?: string
  readonly pass?: string
  readonly password?: string
  readonly bearer?: string | (() => string)
  readonly sendImmediately?: boolean
}

export type Callback = (error: unknown, response?: unknown, body?: unknown) => void

/** Options that throw, because the request would be a different one without them. */
const unsupported = ['oauth', 'aws', 'hawk', 'httpSignature', 'multipart', 'jar'] as const

/** Reads the arguments `(uri, options, callback)`; only the first is required. */
export function readRequestParameters(uri: unknown, options?: unknown, callback?: unknown): Options {
  const hasOptions = typeof options === 'object' && options !== null
  const parsedOptions: Options = hasOptions ? { ...options, uri: uri as string } : toOptions(uri)
  const resolvedCallback = callback ?? (typeof options === 'function' ? options : undefined)
  return resolvedCallback === undefined ? parsedOptions : { ...parsedOptions, callback: resolvedCallback as Callback }
}

function toOptions(uri: unknown): Options {
  return typeof uri === 'string' ? { uri } : { ...(uri as Options) }
}

export function assertSupported(options: Options): void {
  const name = unsupported.find((one) => Boolean((options as Record<string, unknown>)[one]))
  if (name === undefined) return
  throw new Error(`request: the option ${name} is not supported in rules; set the headers or the body instead`)
}

/** Merges nested objects as well, as `request.defaults` does. */
export function mergeOptions(base: Options, overrides: Options): Options {
  const merged: Record<string, unknown> = { ...base }
  for (const [name, value] of Object.entries(overrides)) {
    if (value === undefined) continue
    const before = merged[name]
    merged[name] = isPlain(before) && isPlain(value) ? mergeOptions(before, value) : value
  }
  return merged
}

function isPlain(value: unknown): value is Options {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}
