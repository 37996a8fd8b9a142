import type { Duplex } from 'node:stream'
import { HostCallError } from '../host-call-error.ts'
import type { OutboundRun } from '../outbound-run.ts'
import { createIdTable } from '../../../wire/id-table.ts'
import type { SocketConnection } from './socket-connection.ts'
import { runEndedFailure } from './connection-failure.ts'

/** A connection, from its request on. Only the runs that may have asked for it may use it, and it ends with the last of them. */
export interface OwnedConnection {
  readonly owners: Set<OutboundRun>
  /** Aborted when no run waits for it any more. */
  readonly signal: AbortSignal
  connection: SocketConnection | undefined
  /** The other end of a tunnel. */
  readonly peerEnd?: Duplex | undefined
  close(): void
}

/** The connections of a worker, by the ids of the ops that opened them. */
export interface ConnectionOwnership {
  add(op: number, connection: OwnedConnection): void
  remove(op: number): void
  /** Throws a `HostCallError` if none of the callers owns it. */
  find(op: number, callers: Iterable<OutboundRun>): OwnedConnection
  /** Like `find`; also throws if the connection is not open yet. */
  getConnection(op: number, callers: Iterable<OutboundRun>): SocketConnection
  /** A run is over: closes the connections that no other run owns. */
  removeOwner(run: OutboundRun): void
}

export function createConnectionOwnership(): ConnectionOwnership {
  const connections = createIdTable<OwnedConnection>()

  function find(op: number, callers: Iterable<OutboundRun>): OwnedConnection {
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
      if (connection === undefined) throw new HostCallError('ENOTCONN', 'the connection is not open yet')
      return connection
    },
    removeOwner(run) {
      for (const { owners, close } of connections.values()) if (owners.delete(run) && owners.size === 0) close()
    },
  }
}
