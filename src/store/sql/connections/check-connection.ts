import { ClaimsmithError } from '../../../errors/claimsmith-error.ts'
import { connectionProperties } from '../../../profile/context/connection.ts'
import { isKeysUrl } from '../../../profile/context/keys-url.ts'
import { createValidator } from '../../../profile/schema/create-validator.ts'
import type { NewConnection } from '../../contract/connections.ts'
import { omitUndefined } from '../database/omit-undefined.ts'

const checkMembers = createValidator<NewConnection>(
  {
    type: 'object',
    properties: connectionProperties,
    required: ['name', 'strategy'],
    additionalProperties: false,
  },
  'The connection',
)

/** @throws {ClaimsmithError} INVALID_ARGUMENT if a member is malformed, or `options` hold a private key or an unsafe URL. */
export function checkConnection(input: unknown): NewConnection {
  const connection = omitUndefined(checkMembers(input))
  const { jwks, jwks_uri: jwksUri } = connection.options ?? {}
  if (jwks?.keys.some((key) => 'd' in key || 'k' in key) === true) {
    throw createConnectionError('options.jwks holds a private or a secret key; give public keys only')
  }
  if (jwksUri !== undefined && !isKeysUrl(jwksUri)) {
    throw createConnectionError('options.jwks_uri must be an https URL, or an http URL on this machine')
  }
  return connection
}

export function createConnectionError(reason: string): ClaimsmithError {
  return new ClaimsmithError('INVALID_ARGUMENT', `The connection was refused: ${reason}.`)
}
