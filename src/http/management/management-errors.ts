import type { ErrorCode } from '../../errors/codes.ts'
import type { ManagementErrorStatus } from './operation-result.ts'

/** The errors of the store that the caller of the Management API causes. Any other is an internal error. */
export const managementErrors: Partial<Record<ErrorCode, readonly [ManagementErrorStatus, errorCode: string]>> = {
  INVALID_ARGUMENT: [400, 'invalid_body'],
  INVALID_QUERY: [400, 'invalid_query_string'],
  STORE_CONFLICT: [409, 'conflict'],
  SEARCH_TIMEOUT: [503, 'operation_timeout'],
}
