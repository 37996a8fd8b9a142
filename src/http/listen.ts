import type { IncomingMessage } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import { type ServerType, serve } from '@hono/node-server'
import { ClaimsmithError } from '../errors/claimsmith-error.ts'
import { describeType } from '../errors/known-names.ts'
import type { Handler } from './handler.ts'

export interface ListenOptions {
  readonly handler: Handler
  /** 0 takes a free port. */
  readonly port: number
  /** Default 127.0.0.1: not reachable from other machines. */
  readonly host?: string
  /** Private key and certificate as PEM, to serve https. */
  readonly tls?: { readonly key: string; readonly cert: string }
}

export interface HttpListener {
  /** Without a slash at the end. */
  readonly url: string
  /** Closes the port; resolves when the running requests are answered. */
  close(): Promise<void>
}

/**
 * Serves a handler over HTTP or https.
 *
 * @throws {ClaimsmithError} INVALID_ARGUMENT if the port is not available, or if `handler` is not a function
 */
export function listen({ handler, port, host = '127.0.0.1', tls }: ListenOptions): Promise<HttpListener> {
  return new Promise((resolve, reject) => {
    assertListenable(handler, port)
    const server: ServerType = serve(
      {
        fetch: (request, env) => handler(request, { ip: readRemoteAddress(env) }),
        port,
        hostname: host,
        ...(tls === undefined ? {} : { createServer, serverOptions: tls }),
      },
      (address: AddressInfo) =>
        resolve({
          url: `${tls === undefined ? 'http' : 'https'}://${formatHost(host)}:${address.port}`,
          close: () => close(server),
        }),
    )
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason = error.code === 'EADDRINUSE' ? 'another program uses it' : (error.code ?? error.message)
      const message = `cannot listen on ${host}:${port}: ${reason}; choose another port`
      reject(new ClaimsmithError('INVALID_ARGUMENT', message, { details: { host, port }, cause: error }))
    })
  })
}

function assertListenable(handler: unknown, port: unknown): void {
  if (typeof handler !== 'function') {
    const message = `listen: handler is ${describeType(handler)}; a function belongs there, such as the handler of createAuthServer`
    throw new ClaimsmithError('INVALID_ARGUMENT', message)
  }
  if (typeof port === 'number' && Number.isInteger(port) && port >= 0 && port <= 65_535) return
  const message = `listen: port is ${inspect(port)}; a whole number from 0 to 65535 belongs there, and 0 takes a free one`
  throw new ClaimsmithError('INVALID_ARGUMENT', message)
}

function readRemoteAddress(env: unknown): string | undefined {
  return (env as { incoming?: IncomingMessage }).incoming?.socket.remoteAddress
}

function formatHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}

/** How long a running request may take after `close`. */
const graceMs = 5_000

function close(server: ServerType): Promise<void> {
  return new Promise((resolve, reject) => {
    // A connection that has sent nothing, such as a browser's preconnect, would keep the server open forever.
    const closeTimer = setTimeout(() => 'closeAllConnections' in server && server.closeAllConnections(), graceMs)
    server.close((error) => {
      clearTimeout(closeTimer)
      if (error === undefined) resolve()
      else reject(error)
    })
    if ('closeIdleConnections' in server) server.closeIdleConnections()
  })
}
