import { freePort } from '../cli/free-port.ts'

const localAddress = /(?:127\.0\.0\.1|localhost):(\d{4,5})\b/g

/** Finds the ports on this machine that a page writes, each with a free one to take in its place. */
export async function findPorts(texts: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const written = new Set([
    '3000',
    ...texts.flatMap((text) => [...text.matchAll(localAddress)].map(([, port = '']) => port)),
  ])
  const ports = new Map<string, string>()
  for (const port of written) ports.set(port, String(await freePort()))
  return ports
}

/** Replaces the ports, also where they stand without an address, as in `--port 3000`. */
export function replacePorts(text: string, ports: ReadonlyMap<string, string>): string {
  return text.replaceAll(/\b\d{4,5}\b/g, (number) => ports.get(number) ?? number)
}
