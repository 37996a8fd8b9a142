import type { ClientStore } from './clients.ts'
import type { ConnectionStore } from './connections.ts'
import type { JobStore } from './jobs.ts'
import type { KeyStore } from './keys.ts'
import type { LoginStore } from './logins.ts'
import type { LoginLogStore } from './login-logs.ts'
import type { RedirectStore } from './redirects.ts'
import type { RoleStore } from './roles.ts'
import type { RuleStore } from './rules.ts'
import type { UserStore } from './users.ts'

/** The storage of users, clients, connections, rules, logins and signing keys. SQLite and PostgreSQL implement the same contract. */
export interface Store {
  readonly users: UserStore
  readonly clients: ClientStore
  readonly connections: ConnectionStore
  readonly logins: LoginStore
  readonly redirects: RedirectStore
  readonly loginLogs: LoginLogStore
  readonly roles: RoleStore
  readonly jobs: JobStore
  readonly rules: RuleStore
  readonly keys: KeyStore
  /** Closes the database connections. Every later call fails with STORE_FAILED. */
  close(): Promise<void>
}
