import type { ColumnType } from 'kysely'
import type { RuleStage } from '../../../profile/rule/stored-rule.ts'

/** A JSON document: written as text; read as text from SQLite, as a value from PostgreSQL. */
type Json = ColumnType<unknown, string, string>
type JsonOrNull = ColumnType<unknown, string | null, string | null>
/** A truth value: SQLite reads it back as 0 or 1. */
type Flag = ColumnType<boolean | number | null, boolean | null, boolean | null>
/** Milliseconds: PostgreSQL reads a bigint back as a string. */
type Milliseconds = ColumnType<number | string, number, number>

/** Root attributes that have a column, so that they can be searched and sorted by; the others are in `attributes`. */
export interface UsersTable {
  user_id: string
  email: string | null
  /** As `fold` writes it: what the address is looked up by. */
  email_folded: string | null
  email_verified: Flag
  username: string | null
  phone_number: string | null
  phone_verified: Flag
  name: string | null
  given_name: string | null
  family_name: string | null
  nickname: string | null
  picture: string | null
  blocked: Flag
  created_at: string
  updated_at: string
  last_login: string | null
  last_ip: string | null
  logins_count: number
  user_metadata: JsonOrNull
  app_metadata: JsonOrNull
  attributes: Json
  /** From here on: as `fold` writes it, for searches. */
  email_domain: string | null
  name_folded: string | null
  given_name_folded: string | null
  family_name_folded: string | null
  nickname_folded: string | null
}

export interface IdentitiesTable {
  provider: string
  identity_id: string
  user_id: string
  /** 0 is the primary one. */
  position: number
  connection: string
  /** The identity as the profile shows it. */
  document: Json
}

/** What a user of a database connection logs in with; one name space per connection for addresses and user names. */
export interface IdentifiersTable {
  connection: string
  identifier: string
  provider: string
  identity_id: string
}

/** Apart from the users, so that no query over users can read, search or sort by a hash. */
export interface PasswordsTable {
  provider: string
  identity_id: string
  hash: string
  /** Null unless the hash is bcrypt. */
  bcrypt_cost: number | null
}

export interface ClientsTable {
  client_id: string
  secret_hash: string
  document: Json
}

export interface LoginsTable {
  id: string
  user_id: string
  client_id: string
  connection: string
  scope: string
  audience: string
  profile: Json
  id_token_claims: Json
  created_at_ms: Milliseconds
  expires_at_ms: Milliseconds
}

export interface RefreshTokensTable {
  token_hash: string
  login_id: string
  user_id: string
  client_id: string
  connection: string
  scope: string
  audience: string
  expires_at_ms: Milliseconds
  /** A taken token is kept until it expires, so that a second use is noticed. */
  taken: ColumnType<boolean | number, boolean, boolean>
}

export interface KeyringsTable {
  name: string
  jwks: Json
}

export interface ConnectionsTable {
  id: string
  name: string
  strategy: string
  /** `options.issuer`, to find the connection of an assertion by. */
  issuer: string | null
  /** The connection without what has a column. */
  document: Json
}

/** The assertions that logged somebody in and have not expired: each works once. */
export interface UsedAssertionsTable {
  connection_id: string
  /** SHA-256 of the `jti`, whatever its length. */
  jti_hash: string
  expires_at_ms: Milliseconds
}

export interface RolesTable {
  id: string
  name: string
  description: string | null
}

export interface UserRolesTable {
  user_id: string
  role_id: string
}

export interface LoginLogsTable {
  log_id: string
  /** Null where nobody has the name that was given. */
  user_id: string | null
  at_ms: Milliseconds
  document: Json
}

export interface JobsTable {
  id: string
  type: string
  status: string
  connection_id: string | null
  /** What the caller asked for. */
  parameters: Json
  /** One of a few while the job is under way, each taken once: so many jobs of a type may be. */
  slot: number | null
  /** The file of an import, until it is done: it may hold hashes. */
  input: string | null
  total: number
  /** How many of the users of the file are done. */
  position: number
  inserted: number
  updated: number
  failed: number
  status_details: string | null
  /** How often a process took the job. */
  attempts: number
  /** Who works on it, and until when nobody else takes it. */
  lease_id: string | null
  lease_until_ms: Milliseconds
  created_at_ms: Milliseconds
}

export interface JobErrorsTable {
  job_id: string
  position: number
  /** The user, without hashes, and what was wrong with it. */
  document: Json
}

export interface RulesTable {
  id: string
  name: string
  script: string
  order: number
  enabled: ColumnType<boolean | number, boolean, boolean>
  stage: RuleStage
}

export interface RulesConfigsTable {
  key: string
  value: string
}

/** One row: every change of a rule or a configuration value adds one. */
export interface RulesVersionTable {
  version: ColumnType<number | string, number, number>
}

export interface RedirectsTable {
  state_hash: string
  user_id: string
  document: Json
  expires_at_ms: Milliseconds
}

export interface Tables {
  users: UsersTable
  identities: IdentitiesTable
  identifiers: IdentifiersTable
  passwords: PasswordsTable
  clients: ClientsTable
  logins: LoginsTable
  refresh_tokens: RefreshTokensTable
  keyrings: KeyringsTable
  connections: ConnectionsTable
  used_assertions: UsedAssertionsTable
  roles: RolesTable
  user_roles: UserRolesTable
  login_logs: LoginLogsTable
  jobs: JobsTable
  job_errors: JobErrorsTable
  rules: RulesTable
  rules_configs: RulesConfigsTable
  rules_version: RulesVersionTable
  redirects: RedirectsTable
}
