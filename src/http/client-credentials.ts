import type { LoginService } from '../login/login-service.ts'
import { type Result, oauthError, succeed } from '../login/result/result.ts'
import type { Client } from '../store/contract/clients.ts'
import type { BodyParameters } from './body.ts'

interface Credentials {
  readonly clientId: string
  readonly clientSecret: string
}

/** Authenticates the client by HTTP Basic, or by `client_id` and `client_secret` in the body; not both (RFC 6749, 2.3.1). */
export async function authenticateClient(
  request: Request,
  body: BodyParameters,
  login: LoginService,
): Promise<Result<Client>> {
  const header = request.headers.get('authorization')
  if (header !== null && body['client_secret'] !== undefined) {
    return oauthError('invalid_request', 'The client authenticates in the header and in the body; use one of them.')
  }
  const credentials = header === null ? readBodyCredentials(body) : parseBasicCredentials(header)
  if (credentials === undefined) {
    return oauthError('invalid_client', 'The client must authenticate: client_id and client_secret.')
  }
  if ((body['client_id'] ?? credentials.clientId) !== credentials.clientId) {
    return oauthError('invalid_request', 'The header and the body name different clients.')
  }
  const client = await login.authenticateClient(credentials.clientId, credentials.clientSecret)
  return client === undefined
    ? oauthError('invalid_client', 'Unknown client, or wrong client_secret.')
    : succeed(client)
}

function readBodyCredentials({
  client_id: clientId,
  client_secret: clientSecret,
}: BodyParameters): Credentials | undefined {
  return clientId === undefined || clientSecret === undefined ? undefined : { clientId, clientSecret }
}

function parseBasicCredentials(header: string): Credentials | undefined {
  const encoded = /^Basic +([A-Za-z0-9+/=_-]+)$/i.exec(header)?.[1]
  if (encoded === undefined) return undefined
  const [, id, secret] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? []
  if (id === undefined || secret === undefined) return undefined
  const clientId = decodeFormComponent(id)
  const clientSecret = decodeFormComponent(secret)
  return clientId === undefined || clientSecret === undefined ? undefined : { clientId, clientSecret }
}

function decodeFormComponent(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return undefined
  }
}
