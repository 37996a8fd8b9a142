/** A failure of the system's in the words of Node's. */
function systemError(code: string, syscall: string, place: string): Error {
  return Object.assign(new Error(`${syscall} ${code} ${place}`), { code, errno: code, syscall })
}

export interface HostFailure {
  readonly code?: string
  readonly message: string
}

/** Why no connection came about: what the host says, in the words of Node's `net`. */
export function connectError({ code, message }: HostFailure, host: string, port: number): Error {
  switch (code) {
    case 'ECONNREFUSED':
    case 'ECONNRESET':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ETIMEDOUT':
      return Object.assign(systemError(code, 'connect', `${host}:${port}`), { address: host, port })
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return Object.assign(systemError(code, 'getaddrinfo', host), { hostname: host })
    default:
      return hostError({ message, ...(code === undefined ? {} : { code }) })
  }
}

export function hostError({ code, message }: HostFailure): Error {
  return Object.assign(new Error(message), code === undefined ? {} : { code })
}
