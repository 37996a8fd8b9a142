import type { ColumnType } from 'kysely'
import type { RuleStage } from '../../../profile/rule/stored-rule.ts'

/** A JSON document: written as text; read as text from SQLite, as a value from PostgreSQL. */
type Json = ColumnType<unknown, string, string>
type JsonOrNull = ColumnType<unknown, string | null, string | null>
/** A boolean: SQLite returns it as 0 or 1. */
type Flag = ColumnType<boolean | number | null, boolean | null, boolean | null>
/** Milliseconds: PostgreSQL returns a bigint as a string. */
type Milliseconds = ColumnType<number | string, number, number>

/** Root attributes that users are searched and sorted by have a column. The others are in `attributes`. */
export interface UsersTable {
  user_id: string
  email: string | null
  /** The address as `normalizeIdentifier` returns it; users are looked up by it. */
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
  /** This column and those after it are for searches, as `normalizeIdentifier` returns them. */
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
  /** 0 is the primary identity. */
  position: number
  connection: string
  /** The identity as it is in the profile. */
  document: Json
}

/** The names of users of a database connection. Addresses and user names share one name space per connection. */
export interface IdentifiersTable {
  connection: string
  identifier: string
  provider: string
  identity_id: string
}

/** A separate table, so that no query over users can read, search or sort by a hash. */
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
  /** Whether it was used. A used token is kept until it expires, so that a second use is detected. */
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
  /** `options.issuer`: the connection of an assertion is looked up by it. */
  issuer: string | null
  /** The members of the connection that have no column. */
  document: Json
}

/** Used assertions that have not expired. Each works once. */
export interface UsedAssertionsTable {
  connection_id: string
  /** The SHA-256 hash of the `jti`, because a `jti` can be long. */
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
  /** Null if no user has the name that was entered. */
  user_id: string | null
  at_ms: Milliseconds
  document: Json
}

export interface JobsTable {
  id: string
  type: string
  status: string
  connection_id: string | null
  /** The parameters of the request. */
  parameters: Json
  /** A number that only one unfinished job of a type can have, so that their count is bounded. Null once the job has ended. */
  slot: number | null
  /** The file of an import. It may hold hashes, so it is deleted when the job ends. */
  input: string | null
  total: number
  /** The number of users of the file that are processed. */
  position: number
  inserted: number
  updated: number
  failed: number
  status_details: string | null
  /** How often the job was claimed. */
  attempts: number
  /** The process that works on the job, and the time until which no other process claims it. */
  lease_id: string | null
  lease_until_ms: Milliseconds
  created_at_ms: Milliseconds
}

export interface JobErrorsTable {
  job_id: string
  position: number
  /** The user without hashes, and its errors. */
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

/** One row. Every change of a rule or a configuration value increments it. */
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
