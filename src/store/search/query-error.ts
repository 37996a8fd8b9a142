import { ClaimsmithError } from '../../errors/claimsmith-error.ts'

/** The error for a malformed search. `position` is an index of `q`, from 0. */
export function createQueryError(message: string, position?: number): ClaimsmithError {
  return new ClaimsmithError('INVALID_QUERY', message, position === undefined ? {} : { details: { position } })
}
