import { authenticateClient } from '../../src/http/client-credentials.ts'
import type { LoginService } from '../../src/login/login-service.ts'

/** Answers with the credentials that it was asked about. */
const login = {
  authenticateClient: async (id: string, secret: string) => ({ client_id: id, name: secret, grant_types: [] }),
} satisfies Partial<LoginService> as unknown as LoginService

/** The client that a request to the token endpoint comes from. */
export const ask = (authorization: string | undefined, body: Record<string, string> = {}) =>
  authenticateClient(
    new Request('http://127.0.0.1/', authorization === undefined ? {} : { headers: { authorization } }),
    body,
    login,
  )

export const formEncoded = (text: string): string => encodeURIComponent(text).replaceAll('%20', '+')
export const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`
