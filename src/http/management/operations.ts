import { createClient, deleteClient, getClient, listClients, updateClient } from './clients/clients.ts'
import { createConnection, deleteConnection, getConnection, updateConnection } from './connections/connections.ts'
import { listEnabledClients, updateEnabledClients } from './connections/enabled-clients.ts'
import { listConnections } from './connections/list-connections.ts'
import { exportUsers } from './jobs/export-users.ts'
import { importUsers } from './jobs/import-users.ts'
import { getJob, getJobErrors } from './jobs/jobs.ts'
import type { Operation } from './operation.ts'
import { assignRoleUsers, listRoleUsers } from './roles/role-users.ts'
import { createRole, deleteRole, getRole, listRoles, updateRole } from './roles/roles.ts'
import { createRule, deleteRule, getRule, listRules, updateRule } from './rules/rules.ts'
import { deleteRulesConfig, listRulesConfigs, setRulesConfig } from './rules/rules-configs.ts'
import { createUser } from './users/create-user.ts'
import { deleteUser } from './users/delete-user.ts'
import { explainUser } from './users/explain-user.ts'
import { getUser } from './users/get-user.ts'
import { linkIdentity } from './users/link-identity.ts'
import { listUsers } from './users/list-users.ts'
import { unlinkIdentity } from './users/unlink-identity.ts'
import { updateUser } from './users/update-user.ts'
import { listUserLogs } from './users/user-logs.ts'
import { assignUserRoles, deleteUserRoles, listUserRoles } from './users/user-roles.ts'
import { listUsersByEmail } from './users/users-by-email.ts'

const users = [
  listUsers,
  createUser,
  getUser,
  updateUser,
  deleteUser,
  listUsersByEmail,
  linkIdentity,
  unlinkIdentity,
  listUserRoles,
  assignUserRoles,
  deleteUserRoles,
  listUserLogs,
  explainUser,
]
const roles = [listRoles, createRole, getRole, updateRole, deleteRole, listRoleUsers, assignRoleUsers]

const connections = [
  listConnections,
  createConnection,
  getConnection,
  updateConnection,
  deleteConnection,
  listEnabledClients,
  updateEnabledClients,
]

const jobs = [importUsers, exportUsers, getJob, getJobErrors]

const rules = [
  listRules,
  createRule,
  getRule,
  updateRule,
  deleteRule,
  listRulesConfigs,
  setRulesConfig,
  deleteRulesConfig,
]

const clients = [listClients, createClient, getClient, updateClient, deleteClient]

/** The whole Management API, in the order of its documentation. */
export const operations: readonly Operation[] = [...users, ...roles, ...connections, ...rules, ...clients, ...jobs]
