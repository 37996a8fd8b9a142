import { join } from 'node:path'

/** Where the system keeps names of its own. A worker may read this file. */
export const hostsFile =
  process.platform === 'win32'
    ? join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'drivers', 'etc', 'hosts')
    : '/etc/hosts'

/** Finds the addresses of a name in the text of a hosts file, those of IPv4 first. */
export function findHostsEntries(hostsText: string, name: string): string[] {
  const wantedName = name.toLowerCase()
  const addresses = hostsText.split('\n').flatMap((line) => {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().toLowerCase().split(/\s+/)
    // An address with a zone, such as fe80::1%lo0, is link-local.
    return names.includes(wantedName) && !address.includes('%') ? [address] : []
  })
  return [...new Set(addresses)].toSorted((one, other) => Number(one.includes(':')) - Number(other.includes(':')))
}
