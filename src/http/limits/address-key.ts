import ipaddr from 'ipaddr.js'

/** Whose address it is: a household has an IPv6 network of 64 bits, and may use any address in it. */
export function toAddressKey(ip: string | undefined): string {
  if (ip === undefined || !ipaddr.isValid(ip)) return 'unknown'
  const address = ipaddr.process(ip)
  return address.kind() === 'ipv4' ? address.toString() : `${address.toByteArray().slice(0, 8).join('.')}/64`
}
