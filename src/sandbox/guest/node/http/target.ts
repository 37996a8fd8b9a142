/** What a request is sent with, as Node's `http.request` takes it. */
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

export type Listener = (response: unknown) => void

/** Takes apart `(url, options, callback)`, of which the first or the second may be missing. */
export function readArguments(args: readonly unknown[]): { options: RequestOptions; listener: Listener | undefined } {
  const given = [...args]
  const listener = typeof given.at(-1) === 'function' ? (given.pop() as Listener) : undefined
  const [first, second] = given
  const isUrl = typeof first === 'string' || first instanceof URL
  const fromUrl = isUrl ? optionsOf(new URL(first)) : { ...(first as RequestOptions | undefined) }
  return { options: { ...fromUrl, ...(second as RequestOptions | undefined) }, listener }
}

function optionsOf(url: URL): RequestOptions {
  const { protocol, hostname, port, pathname, search, username, password } = url
  const auth = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return { protocol, hostname, port, path: pathname + search, ...(auth === ':' ? {} : { auth }) }
}

/** The URL of a request, without credentials. */
export function urlOf(options: RequestOptions, protocol: string): string {
  const named = options.hostname ?? options.host ?? 'localhost'
  const host = named.includes(':') && !named.startsWith('[') ? `[${named}]` : named
  const port = options.port === undefined || options.port === null || options.port === '' ? '' : `:${options.port}`
  const path = options.path ?? '/'
  return `${protocol}//${host}${port}${path.startsWith('/') ? '' : '/'}${path}`
}
