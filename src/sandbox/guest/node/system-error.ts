/** Creates a system error with the fields of Node's. */
function createSystemError(code: string, syscall: string, target: string): Error {
  return Object.assign(new Error(`${syscall} ${code} ${target}`), { code, errno: code, syscall })
}

export interface HostFailure {
  readonly code?: string | undefined
  readonly message: string
}

/** Maps the host's reason for a failed connection to the error of Node's `net`. */
export function toConnectError({ code, message }: HostFailure, host: string, port: number): Error {
  switch (code) {
    case 'ECONNREFUSED':
    case 'ECONNRESET':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ETIMEDOUT':
      return Object.assign(createSystemError(code, 'connect', `${host}:${port}`), { address: host, port })
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return Object.assign(createSystemError(code, 'getaddrinfo', host), { hostname: host })
    default:
      return toHostError({ code, message })
  }
}

export function toHostError({ code, message }: HostFailure): Error {
  return Object.assign(new Error(message), code === undefined ? {} : { code })
}
