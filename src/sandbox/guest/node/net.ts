const ipv4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/

/** Rules have no sockets of their own; only addresses can be told apart. */
function refuse(): never {
  const message = 'a rule may not open sockets or listen: call out with fetch, request, http or https'
  throw Object.assign(new Error(message), { code: 'MODULE_REFUSED' })
}

export const isIPv4 = (text: unknown): boolean => ipv4.test(String(text))
export const isIPv6 = (text: unknown): boolean => {
  const address = String(text)
  return address.includes(':') && /^[\da-f:.]+$/i.test(address) && URL.canParse(`http://[${address}]/`)
}
export const isIP = (text: unknown): 0 | 4 | 6 => (isIPv4(text) ? 4 : isIPv6(text) ? 6 : 0)
export { refuse as refuseServer, refuse as connect, refuse as createConnection, refuse as createServer }
export { refuse as Server, refuse as Socket, refuse as Stream }
