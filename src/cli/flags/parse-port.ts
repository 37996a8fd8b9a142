import { UsageError } from '../print/usage.ts'

/** Reads the port from the flag, or else from the variable. An empty variable counts as not set. */
export function parsePort(flag: string | undefined, variable: string | undefined): number {
  const text = flag ?? (variable === undefined || variable === '' ? '3000' : variable)
  const port = Number(text)
  if (/^\d+$/.test(text) && port > 0 && port < 65_536) return port
  throw new UsageError(`${flag === undefined ? 'PORT' : '--port'} ${text} is not a port; give a number from 1 to 65535`)
}
