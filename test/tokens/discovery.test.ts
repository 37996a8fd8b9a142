import { expect, test } from 'vitest'
import { createIssuer } from '../../src/tokens/issuer.ts'
import { createKeyring } from '../../src/tokens/keyring.ts'

const endpoints = {
  jwks: '/.well-known/jwks.json',
  token: '/oauth/token',
  userinfo: 'https://api.example/userinfo',
  scopes: ['openid', 'profile'],
  claims: ['sub', 'name'],
  grantTypes: ['password'],
  responseTypes: ['code'],
}

test('the metadata names the issuer as written, absolute endpoints, and every algorithm that verifies now', async () => {
  const keyring = await createKeyring({ algorithm: 'ES256' })
  await keyring.rotate('EdDSA')
  await keyring.rotate('EdDSA')
  const issuer = createIssuer({ issuer: 'http://127.0.0.1:3000/', keyring })
  expect(issuer.getDiscovery(endpoints)).toEqual({
    issuer: 'http://127.0.0.1:3000/',
    jwks_uri: 'http://127.0.0.1:3000/.well-known/jwks.json',
    token_endpoint: 'http://127.0.0.1:3000/oauth/token',
    userinfo_endpoint: 'https://api.example/userinfo',
    scopes_supported: ['openid', 'profile'],
    claims_supported: ['sub', 'name'],
    grant_types_supported: ['password'],
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['EdDSA', 'ES256'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
  })
})

test('an authorization endpoint and other client authentication are named when there are any', async () => {
  const issuer = createIssuer({ issuer: 'https://login.example', keyring: await createKeyring({ algorithm: 'ES256' }) })
  const metadata = issuer.getDiscovery({
    ...endpoints,
    authorization: '/authorize',
    tokenEndpointAuthMethods: ['none'],
  })
  expect(metadata).toMatchObject({
    issuer: 'https://login.example',
    authorization_endpoint: 'https://login.example/authorize',
    token_endpoint_auth_methods_supported: ['none'],
  })
})
