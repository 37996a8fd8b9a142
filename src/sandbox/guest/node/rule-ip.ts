import ipaddr from 'ipaddr.js'

interface AddressCheck {
  in_range(ranges: string | readonly string[]): boolean
}

/** The global `ip` of rules: `ip('10.1.2.3').in_range(['10.0.0.0/8'])`. A range may be a single address. */
export function ip(address: string): AddressCheck {
  return {
    in_range: (ranges) => (typeof ranges === 'string' ? [ranges] : ranges).some((range) => isWithin(address, range)),
  }
}

function isWithin(address: string, range: string): boolean {
  if (!ipaddr.isValid(address)) return false
  const parsed = ipaddr.process(address)
  if (ipaddr.isValid(range)) return ipaddr.process(range).toString() === parsed.toString()
  if (!ipaddr.isValidCIDR(range)) return false
  const block = ipaddr.parseCIDR(range)
  return block[0].kind() === parsed.kind() && parsed.match(block)
}
