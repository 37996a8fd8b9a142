import { once } from 'node:events'
import { type AddressInfo, type Socket, connect, createServer } from 'node:net'

/** What stands between a server and its database: it passes bytes on, late, or not at all. */
export interface TcpProxy {
  readonly port: number
  /** `pass`; `reset`: connections are reset; `silent`: they stay open, and nothing passes. */
  mode: 'pass' | 'reset' | 'silent'
  delayMs: number
  /** Resets what is connected. */
  resetAll(): void
  close(): void
}

export async function startTcpProxy(host: string, targetPort: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    if (proxy.mode === 'reset') {
      client.resetAndDestroy()
      return
    }
    const target = connect(targetPort, host)
    for (const [from, to] of [
      [client, target],
      [target, client],
    ] as const) {
      sockets.add(from)
      from.on('error', () => undefined)
      from.on('close', () => (sockets.delete(from), to.destroy()))
      from.on('data', (chunk) => {
        if (proxy.mode === 'pass') setTimeout(() => to.writable && to.write(chunk), proxy.delayMs)
      })
    }
  })
  const proxy: TcpProxy = {
    port: 0,
    mode: 'pass',
    delayMs: 0,
    resetAll() {
      for (const socket of sockets) socket.resetAndDestroy()
    },
    close() {
      server.close()
      this.resetAll()
    },
  }
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return Object.assign(proxy, { port: (server.address() as AddressInfo).port })
}
