import type { Duplex } from 'node:stream'
import { HostCallError } from '../host-call-error.ts'
import type { Run } from '../../../worker/run/run.ts'
import { createIdTable } from '../../../wire/id-table.ts'
import type { SocketConnection } from './socket-connection.ts'
import { runEndedFailure } from './connection-failure.ts'

/** A connection, from when it is asked for. Only logins that may have asked for it may use it, and it ends with the last of them. */
export interface OwnedConnection {
  readonly owners: Set<Run>
  /** Aborted when nobody waits for it any more. */
  readonly signal: AbortSignal
  connection: SocketConnection | undefined
  /** The other end, of a tunnel. */
  readonly peerEnd?: Duplex | undefined
  close(): void
}

/** The connections of a worker, by their numbers. */
export interface ConnectionOwnership {
  add(op: number, connection: OwnedConnection): void
  remove(op: number): void
  /** Throws a `FetchRefusal` where none of the askers has such a one. */
  find(op: number, callers: Iterable<Run>): OwnedConnection
  /** The same of one that stands. */
  getConnection(op: number, callers: Iterable<Run>): SocketConnection
  /** A login is over. */
  removeOwner(run: Run): void
}

export function createConnectionOwnership(): ConnectionOwnership {
  const connections = createIdTable<OwnedConnection>()

  function find(op: number, callers: Iterable<Run>): OwnedConnection {
    const owned = connections.get(op)
    if (owned !== undefined) for (const run of callers) if (owned.owners.has(run)) return owned
    throw new HostCallError(runEndedFailure.code, runEndedFailure.message)
  }

  return {
    add: connections.add,
    remove: (op) => void connections.delete(op),
    find,
    getConnection(op, callers) {
      const { connection } = find(op, callers)
      if (connection === undefined) throw new HostCallError('ENOTCONN', 'the connection does not stand yet')
      return connection
    },
    removeOwner(run) {
      for (const { owners, close } of connections.values()) if (owners.delete(run) && owners.size === 0) close()
    },
  }
}
