/** The options of Node's `http.request`. */
export interface RequestOptions {
  readonly protocol?: string | null
  readonly host?: string | null
  readonly hostname?: string | null
  readonly port?: number | string | null
  readonly path?: string | null
  readonly method?: string
  readonly auth?: string | null
  readonly headers?: Readonly<Record<string, unknown>> | readonly unknown[]
  readonly timeout?: number
  readonly signal?: AbortSignal
}

export type ResponseListener = (response: unknown) => void

/** Reads the arguments `(url, options, callback)`; the first or the second may be missing. */
export function readRequestArguments(args: readonly unknown[]): {
  options: RequestOptions
  listener: ResponseListener | undefined
} {
  const remaining = [...args]
  const listener = typeof remaining.at(-1) === 'function' ? (remaining.pop() as ResponseListener) : undefined
  const [first, second] = remaining
  const isUrl = typeof first === 'string' || first instanceof URL
  const fromUrl = isUrl ? parseUrlOptions(new URL(first)) : { ...(first as RequestOptions | undefined) }
  return { options: { ...fromUrl, ...(second as RequestOptions | undefined) }, listener }
}

function parseUrlOptions(url: URL): RequestOptions {
  const { protocol, hostname, port, pathname, search, username, password } = url
  const auth = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return { protocol, hostname, port, path: pathname + search, ...(auth === ':' ? {} : { auth }) }
}

/** Builds the URL of a request, without credentials. */
export function buildUrl(options: RequestOptions, protocol: string): string {
  const hostname = options.hostname ?? options.host ?? 'localhost'
  const host = hostname.includes(':') && !hostname.startsWith('[') ? `[${hostname}]` : hostname
  const port = options.port === undefined || options.port === null || options.port === '' ? '' : `:${options.port}`
  const path = options.path ?? '/'
  return `${protocol}//${host}${port}${path.startsWith('/') ? '' : '/'}${path}`
}
