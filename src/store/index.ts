import '../errors/assert-node-version.ts'
export { openStore } from './open.ts'
export type { StoreOptions } from './open.ts'
export type { Client, ClientPatch, ClientStore, NewClient } from './clients.ts'
export type { ConnectionPatch, ConnectionQuery, ConnectionStore, NewConnection, UsedAssertion } from './connections.ts'
export type { BulkUserStore, ImportEntry, ImportOptions, ImportResult } from './import/imports.ts'
export type { ImportWork, Job, JobError, JobStore, JobSummary, Lease, NewImportJob } from './jobs.ts'
export type {
  IdentityId,
  IdentityPatch,
  LoginStore,
  NewUser,
  PasswordLogin,
  ProviderAccount,
  RefreshToken,
  RememberedLogin,
  Store,
  UserPatch,
  UserStore,
} from './store.ts'
export type { UserPage, UserQuery } from './user-query.ts'
export type { LoginLog, LoginLogStore, LoginLogType } from './login-logs.ts'
export type { KeyStore, StoredKey } from './keys.ts'
export type { RedirectStore, SuspendedRedirect } from './redirects.ts'
export type { Role, RoleStore } from './roles.ts'
export type { NewRule, RulePatch, RuleQuery, RuleStore, StoredRules } from './rules.ts'
