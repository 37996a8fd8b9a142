import { ManagementClient } from 'auth0'
import { ManagementClient as LegacyManagementClient } from 'auth0-v4'
import { afterAll, beforeAll } from 'vitest'
import { clientScopes } from '../../../src/http/management/scopes.ts'
import { type HttpListener, listen } from '../../../src/http/listen.ts'
import { type Fixture, issuer } from '../server.ts'

export interface Sdk {
  /** The newest SDK. */
  readonly current: ManagementClient
  /** The last of version 4, which most scripts were written for. */
  readonly legacy: LegacyManagementClient
}

const credentials = { clientId: 'sdk', clientSecret: 'sdk-secret-sdk-secret' }
const { host } = new URL(issuer)

/** Auth0's own SDKs with every scope, over real HTTP, against the server of this fixture. */
export function useSdk(fixture: Fixture): Sdk {
  let listener: HttpListener
  let sdk: Sdk

  beforeAll(async () => {
    const audience = `${issuer}/api/v2/`
    await fixture.store.clients.create({
      client_id: credentials.clientId,
      client_secret: credentials.clientSecret,
      name: 'SDK',
      grant_types: ['client_credentials'],
      audience,
      scopes: clientScopes,
    })
    listener = await listen({ handler: fixture.server.handler, port: 0 })
    const { url } = listener
    const options = {
      domain: host,
      ...credentials,
      audience,
      // The SDKs insist on https.
      fetch: (input: string | URL | Request, init?: RequestInit) => fetch(overHttp(input, url), init),
    }
    sdk = { current: new ManagementClient(options), legacy: new LegacyManagementClient(options) }
  })
  afterAll(() => listener.close())

  return {
    get current() {
      return sdk.current
    },
    get legacy() {
      return sdk.legacy
    },
  }
}

function overHttp(input: string | URL | Request, url: string): string {
  const asked = input instanceof Request ? input.url : String(input)
  return asked.replace(`https://${host}`, url)
}

/** What a call that must fail was rejected with. */
export async function failureOf(call: PromiseLike<unknown>): Promise<unknown> {
  try {
    await call
  } catch (error) {
    return error
  }
  throw new Error('the call succeeded')
}
