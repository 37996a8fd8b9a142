/** Returns the port of a URL, also if it is the one of its scheme. */
export function getPort(url: URL): number {
  return url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port)
}

/** Returns the host of a URL; an IPv6 address without brackets. */
export function getHost(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '')
}
