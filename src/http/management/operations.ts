import {
  createClientOperation,
  deleteClientOperation,
  getClientOperation,
  listClientsOperation,
  updateClientOperation,
} from './clients/clients.ts'
import {
  createConnectionOperation,
  deleteConnectionOperation,
  getConnectionOperation,
  updateConnectionOperation,
} from './connections/connections.ts'
import { listEnabledClientsOperation, updateEnabledClientsOperation } from './connections/enabled-clients.ts'
import { listConnectionsOperation } from './connections/list-connections.ts'
import { exportUsersOperation } from './jobs/export-users.ts'
import { importUsersOperation } from './jobs/import-users.ts'
import { getJobOperation, getJobErrorsOperation } from './jobs/jobs.ts'
import type { Operation } from './operation.ts'
import { assignRoleUsersOperation, listRoleUsersOperation } from './roles/role-users.ts'
import {
  createRoleOperation,
  deleteRoleOperation,
  getRoleOperation,
  listRolesOperation,
  updateRoleOperation,
} from './roles/roles.ts'
import {
  createRuleOperation,
  deleteRuleOperation,
  getRuleOperation,
  listRulesOperation,
  updateRuleOperation,
} from './rules/rules.ts'
import {
  deleteRulesConfigOperation,
  listRulesConfigsOperation,
  setRulesConfigOperation,
} from './rules/rules-configs.ts'
import { createUserOperation } from './users/create-user.ts'
import { deleteUserOperation } from './users/delete-user.ts'
import { explainUserOperation } from './users/explain-user.ts'
import { getUserOperation } from './users/get-user.ts'
import { linkIdentityOperation } from './users/link-identity.ts'
import { listUsersOperation } from './users/list-users.ts'
import { unlinkIdentityOperation } from './users/unlink-identity.ts'
import { updateUserOperation } from './users/update-user.ts'
import { listUserLogsOperation } from './users/user-logs.ts'
import { assignUserRolesOperation, deleteUserRolesOperation, listUserRolesOperation } from './users/user-roles.ts'
import { listUsersByEmailOperation } from './users/users-by-email.ts'

const users = [
  listUsersOperation,
  createUserOperation,
  getUserOperation,
  updateUserOperation,
  deleteUserOperation,
  listUsersByEmailOperation,
  linkIdentityOperation,
  unlinkIdentityOperation,
  listUserRolesOperation,
  assignUserRolesOperation,
  deleteUserRolesOperation,
  listUserLogsOperation,
  explainUserOperation,
]
const roles = [
  listRolesOperation,
  createRoleOperation,
  getRoleOperation,
  updateRoleOperation,
  deleteRoleOperation,
  listRoleUsersOperation,
  assignRoleUsersOperation,
]

const connections = [
  listConnectionsOperation,
  createConnectionOperation,
  getConnectionOperation,
  updateConnectionOperation,
  deleteConnectionOperation,
  listEnabledClientsOperation,
  updateEnabledClientsOperation,
]

const jobs = [importUsersOperation, exportUsersOperation, getJobOperation, getJobErrorsOperation]

const rules = [
  listRulesOperation,
  createRuleOperation,
  getRuleOperation,
  updateRuleOperation,
  deleteRuleOperation,
  listRulesConfigsOperation,
  setRulesConfigOperation,
  deleteRulesConfigOperation,
]

const clients = [
  listClientsOperation,
  createClientOperation,
  getClientOperation,
  updateClientOperation,
  deleteClientOperation,
]

/** All operations, in the order of the documentation. */
export const operations: readonly Operation[] = [...users, ...roles, ...connections, ...rules, ...clients, ...jobs]
