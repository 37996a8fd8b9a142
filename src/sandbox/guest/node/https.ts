import { refuseServer } from './refuse-server.ts'
import { Agent as HttpAgent, createClient } from './http/client.ts'

export class Agent extends HttpAgent {
  override defaultPort = 443
  override protocol = 'https:'
}

export const { request, get } = createClient('https:')
export const globalAgent = new Agent()
export { refuseServer as createServer, refuseServer as Server }
