import { refuseServer } from './refuse-server.ts'
import { Agent as HttpAgent, createHttpClient } from './http/client.ts'

export class Agent extends HttpAgent {
  override defaultPort = 443
  override protocol = 'https:'
}

export const { request, get } = createHttpClient('https:')
export const globalAgent = new Agent()
export { refuseServer as createServer, refuseServer as Server }
