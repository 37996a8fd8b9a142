import type { Duplex } from 'node:stream'
import { FetchRefusal } from '../fetch-refusal.ts'
import type { Login } from '../../../worker/run/login.ts'
import { createRoster } from '../../../wire/roster.ts'
import type { Connection } from './connection.ts'
import { hungUp } from './failure.ts'

/** A connection, from when it is asked for. Only logins that may have asked for it may use it, and it ends with the last of them. */
export interface Held {
  readonly owners: Set<Login>
  /** Aborted when nobody waits for it any more. */
  readonly signal: AbortSignal
  connection: Connection | undefined
  /** The other end, of a tunnel. */
  readonly far?: Duplex | undefined
  hangUp(): void
}

/** The connections of a worker, by their numbers. */
export interface HeldConnections {
  add(op: number, held: Held): void
  remove(op: number): void
  /** Throws a `FetchRefusal` where none of the askers has such a one. */
  find(op: number, askers: Iterable<Login>): Held
  /** The same of one that stands. */
  standing(op: number, askers: Iterable<Login>): Connection
  /** A login is over. */
  leave(login: Login): void
}

export function createHeldConnections(): HeldConnections {
  const all = createRoster<Held>()

  function find(op: number, askers: Iterable<Login>): Held {
    const found = all.get(op)
    if (found !== undefined) for (const login of askers) if (found.owners.has(login)) return found
    throw new FetchRefusal(hungUp.code, hungUp.message)
  }

  return {
    add: all.add,
    remove: (op) => void all.take(op),
    find,
    standing(op, askers) {
      const { connection } = find(op, askers)
      if (connection === undefined) throw new FetchRefusal('ENOTCONN', 'the connection does not stand yet')
      return connection
    },
    leave(login) {
      for (const { owners, hangUp } of all.values()) if (owners.delete(login) && owners.size === 0) hangUp()
    },
  }
}
