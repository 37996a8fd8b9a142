import { isSecretOption } from '../../../profile/context/connection.ts'
import type { ConnectionPatch, NewConnection } from '../../contract/connections.ts'
import { omitUndefined } from '../database/omit-undefined.ts'
import { createConnectionError } from './check-connection.ts'

/** The connection with the members of the patch; `null` removes one. */
export function applyPatch(current: NewConnection, patch: ConnectionPatch): object {
  const options = keepSecrets(patch.options ?? current.options, current.options)
  const members = Object.entries({ ...current, ...omitUndefined(patch), options })
  return Object.fromEntries(members.filter(([, value]) => value !== null))
}

/** Adds the clients whose value is true and removes the others. */
export function mergeEnabledClients(
  current: readonly string[] | undefined,
  clients: ReadonlyMap<string, boolean>,
): string[] {
  const added = [...clients].filter(([, status]) => status).map(([id]) => id)
  if (current === undefined && added.length === 0) {
    throw createConnectionError('every client may use it; set enabled_clients first')
  }
  return [...new Set([...(current ?? []), ...added])].filter((id) => clients.get(id) !== false)
}

/** No caller can read a secret to send it back, so an option that is absent from a change keeps its secret. */
function keepSecrets(options: unknown, current: unknown): unknown {
  if (!isRecord(options) || !isRecord(current)) return options
  const keptSecrets = Object.entries(current).filter(([name]) => isSecretOption(name) && !(name in options))
  const newEntries = Object.entries(options).map(([name, value]) => [name, keepSecrets(value, current[name])] as const)
  return Object.fromEntries([...keptSecrets, ...newEntries])
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
