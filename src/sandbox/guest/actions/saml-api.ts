import { hasOwn } from '../primordials.ts'
import { type ActionRun, type Setter, dataOf, keyOf, partOf } from './run.ts'

/** What each method sets, as rules call it in `context.samlConfiguration`. */
const members: Readonly<Record<string, string>> = {
  setAudience: 'audience',
  setAuthnContextClassRef: 'authnContextClassRef',
  setCert: 'cert',
  setCreateUpnClaim: 'createUpnClaim',
  setDestination: 'destination',
  setDigestAlgorithm: 'digestAlgorithm',
  setEncryptionAlgorithm: 'encryptionAlgorithm',
  setEncryptionCert: 'encryptionCert',
  setEncryptionPublicKey: 'encryptionPublicKey',
  setIncludeAttributeNameFormat: 'includeAttributeNameFormat',
  setIssuer: 'issuer',
  setKey: 'key',
  setLifetimeInSeconds: 'lifetimeInSeconds',
  setMapIdentities: 'mapIdentities',
  setMapUnknownClaimsAsIs: 'mapUnknownClaimsAsIs',
  setNameIdentifierFormat: 'nameIdentifierFormat',
  setNameIdentifierProbes: 'nameIdentifierProbes',
  setPassthroughClaimsWithNoMapping: 'passthroughClaimsWithNoMapping',
  setRecipient: 'recipient',
  setRelayState: 'RelayState',
  setSignResponse: 'signResponse',
  setSignatureAlgorithm: 'signatureAlgorithm',
  setSigningCert: 'signingCert',
  setTypedAttributes: 'typedAttributes',
}

/** `api.samlResponse`: writes to `context.samlConfiguration`. Attributes have a member of their own: rules map theirs from the profile. */
export function samlApi({ login }: ActionRun, setter: Setter): object {
  const configuration = (): Record<string, unknown> => partOf(login.context, 'samlConfiguration')
  const api: Record<string, unknown> = {
    setAttribute: setter((attribute, value) => {
      const name = keyOf(attribute, 'api.samlResponse.setAttribute')
      partOf(configuration(), 'attributes')[name] = dataOf(value, 'api.samlResponse.setAttribute')
    }),
  }
  for (const method in members) {
    if (!hasOwn(members, method)) continue
    api[method] = setter((value) => {
      configuration()[members[method]!] = dataOf(value, `api.samlResponse.${method}`)
    })
  }
  return api
}
