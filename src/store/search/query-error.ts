import { ClaimsmithError } from '../../errors/claimsmith-error.ts'

/** The error for a search that cannot be done as it is written; `position` counts characters of `q` from 0. */
export function createQueryError(message: string, position?: number): ClaimsmithError {
  return new ClaimsmithError('INVALID_QUERY', message, position === undefined ? {} : { details: { position } })
}
