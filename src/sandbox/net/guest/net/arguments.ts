/** What `connect` of Node's `net` and `tls` takes. */
export interface ConnectOptions {
  readonly host?: string | null
  readonly port?: number | string
  readonly path?: string
  readonly timeout?: number
  readonly noDelay?: boolean
  readonly keepAlive?: boolean
  readonly signal?: AbortSignal
  readonly allowHalfOpen?: boolean
}

type Listener = () => void

interface ConnectArguments<Options> {
  readonly options: Options
  readonly listener: Listener | undefined
}

/** Reads `(options, listener)`, `(port, host, options, listener)` and `(path, listener)`, where all but the first may be left out. */
export function readConnectArguments<Options extends ConnectOptions>(
  rawArguments: readonly unknown[],
): ConnectArguments<Options> {
  // A function of Node's own passes on what it got, as a list.
  const args = Array.isArray(rawArguments[0]) ? (rawArguments[0] as readonly unknown[]) : rawArguments
  const listener = args.find((one): one is Listener => typeof one === 'function')
  const [first, second] = args
  const options = args.find((one) => typeof one === 'object' && one !== null) as Options | undefined
  if (typeof first === 'object') return { options: options ?? ({} as Options), listener }
  const isPort = typeof first === 'number' || (typeof first === 'string' && /^\d+$/.test(first))
  const target = isPort ? { port: first, ...(typeof second === 'string' ? { host: second } : {}) } : { path: first }
  return { options: { ...options, ...target } as Options, listener }
}

/** Where a connection is to go; throws as Node does where that is nowhere. */
export function resolveTarget({ host, port, path }: ConnectOptions): { readonly host: string; readonly port: number } {
  if (path !== undefined) {
    const message = 'a rule has no sockets in files: connect to a host and a port'
    throw Object.assign(new Error(message), { code: 'MODULE_REFUSED' })
  }
  const number = Number(port)
  if (port == null || !Number.isInteger(number) || number < 1 || number > 65_535) {
    const message = `"port" should be > 0 and < 65536. Received ${String(port)}.`
    throw Object.assign(new RangeError(message), { code: 'ERR_SOCKET_BAD_PORT' })
  }
  return { host: host == null || host === '' ? 'localhost' : host, port: number }
}
