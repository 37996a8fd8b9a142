import { type ConnectOptions, readConnectArguments } from './net/arguments.ts'
import { refuseServer } from '../../guest/node/refuse-server.ts'
import { Socket } from './net/socket.ts'

const ipv4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/

function connect(...args: unknown[]): Socket {
  return new Socket(readConnectArguments<ConnectOptions>(args).options).connect(...args)
}

export const isIPv4 = (text: unknown): boolean => ipv4.test(String(text))
export const isIPv6 = (text: unknown): boolean => {
  const address = String(text)
  return address.includes(':') && /^[\da-f:.]+$/i.test(address) && URL.canParse(`http://[${address}]/`)
}
export const isIP = (text: unknown): 0 | 4 | 6 => (isIPv4(text) ? 4 : isIPv6(text) ? 6 : 0)
export { Socket, Socket as Stream, connect, connect as createConnection }
export { refuseServer as createServer, refuseServer as Server }
