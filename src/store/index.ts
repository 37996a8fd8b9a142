import '../errors/assert-node-version.ts'
export { openStore } from './open.ts'
export type { StoreOptions } from './open.ts'
export type { Client, ClientPatch, ClientStore, NewClient } from './contract/clients.ts'
export type {
  ConnectionPatch,
  ConnectionQuery,
  ConnectionStore,
  NewConnection,
  UsedAssertion,
} from './contract/connections.ts'
export type { BulkUserStore, ImportEntry, ImportOptions, ImportResult } from './contract/imports.ts'
export type { ImportWork, Job, JobError, JobStore, JobSummary, Lease, NewImportJob } from './contract/jobs.ts'
export type { LoginStore, RefreshToken, RememberedLogin } from './contract/logins.ts'
export type { Store } from './contract/store.ts'
export type {
  IdentityId,
  IdentityPatch,
  NewUser,
  PasswordLogin,
  ProviderAccount,
  UserPatch,
  UserStore,
} from './contract/users.ts'
export type { UserPage, UserQuery } from './contract/user-query.ts'
export type { LoginLog, LoginLogStore, LoginLogType } from './contract/login-logs.ts'
export type { KeyStore, StoredKey } from './contract/keys.ts'
export type { RedirectStore, SuspendedRedirect } from './contract/redirects.ts'
export type { Role, RoleStore } from './contract/roles.ts'
export type { NewRule, RulePatch, RuleQuery, RuleStore, StoredRules } from './contract/rules.ts'
