/** The options of `connect` in Node's `net` and `tls`. */
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

/**
 * Reads `(options, listener)`, `(port, host, options, listener)` or `(path, listener)`; only the first argument is
 * required.
 */
export function readConnectArguments<Options extends ConnectOptions>(
  rawArguments: readonly unknown[],
): ConnectArguments<Options> {
  // Node's own functions pass their arguments on as one list.
  const args = Array.isArray(rawArguments[0]) ? (rawArguments[0] as readonly unknown[]) : rawArguments
  const listener = args.find((one): one is Listener => typeof one === 'function')
  const [first, second] = args
  const options = args.find((one) => typeof one === 'object' && one !== null) as Options | undefined
  if (typeof first === 'object') return { options: options ?? ({} as Options), listener }
  const isPort = typeof first === 'number' || (typeof first === 'string' && /^\d+$/.test(first))
  const target = isPort ? { port: first, ...(typeof second === 'string' ? { host: second } : {}) } : { path: first }
  return { options: { ...options, ...target } as Options, listener }
}

/** Reads host and port of a connection. Throws the errors of Node if they are not valid. */
export function resolveTarget({ host, port, path }: ConnectOptions): { readonly host: string; readonly port: number } {
  if (path !== undefined) {
    const message = 'a rule may not connect to a socket file; connect to a host and a port'
    throw Object.assign(new Error(message), { code: 'MODULE_REFUSED' })
  }
  const number = Number(port)
  if (port == null || !Number.isInteger(number) || number < 1 || number > 65_535) {
    const message = `"port" should be > 0 and < 65536. Received ${String(port)}.`
    throw Object.assign(new RangeError(message), { code: 'ERR_SOCKET_BAD_PORT' })
  }
  return { host: host == null || host === '' ? 'localhost' : host, port: number }
}
