import { refuseServer } from './refuse-server.ts'
import { Agent, createHttpClient } from './http/client.ts'

export { Agent } from './http/client.ts'
export { ClientRequest } from './http/client-request.ts'
export { IncomingMessage } from './http/incoming-message.ts'

/** Set by the build. */
declare const __claimsmithHttp: { readonly METHODS: readonly string[]; readonly STATUS_CODES: Record<string, string> }

export const { METHODS, STATUS_CODES } = __claimsmithHttp
export const { request, get } = createHttpClient('http:')
export const globalAgent = new Agent()
export const maxHeaderSize = 16_384
export { refuseServer as createServer, refuseServer as Server, refuseServer as ServerResponse }
export { Writable as OutgoingMessage } from 'stream'
