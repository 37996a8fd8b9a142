import ipaddr from 'ipaddr.js'

/** Maps an address to its rate limit key. For IPv6 this is the /64 network, because one subscriber may use any address in it. */
export function toAddressKey(ip: string | undefined): string {
  if (ip === undefined || !ipaddr.isValid(ip)) return 'unknown'
  const address = ipaddr.process(ip)
  return address.kind() === 'ipv4' ? address.toString() : `${address.toByteArray().slice(0, 8).join('.')}/64`
}
