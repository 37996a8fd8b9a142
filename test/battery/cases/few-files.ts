import { type AddressInfo, type Socket, connect } from 'node:net'
import { createServer } from 'node:http'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { toNodeHandler } from '../../../src/http/node-handler.ts'
import { startAuthServer } from './auth-server.ts'

/** A process with few file descriptors: it is connected to more often than it can bear, and must serve again afterwards. */
const server = await startAuthServer({ engine: { limits: { workers: 1 } } })
const listener = toNodeHandler(server.handler)
const web = createServer((request, response) => void listener(request, response))
await once(web.listen(0, '127.0.0.1'), 'listening')
const { port } = web.address() as AddressInfo
const sockets: Socket[] = []
for (let index = 0; index < 200; index++) sockets.push(connect(port, '127.0.0.1').on('error', () => undefined))
await pause(500)
for (const socket of sockets) socket.destroy()
let status = 0
for (let attempt = 0; attempt < 50 && status !== 200; attempt++) {
  await pause(100)
  const answer = await fetch(`http://127.0.0.1:${port}/.well-known/jwks.json`).catch(() => undefined)
  status = answer?.status ?? 0
}
const login = await server.logIn()
console.log(status === 200 && login.status === 200 ? 'recovers' : `discovery is ${status}, a login ${login.status}`)
process.exit(0)
