/** The provider's endpoints and features. An endpoint is an absolute URL, or a path on the issuer's origin. */
export interface DiscoveryEndpoints {
  readonly jwks: string
  readonly token: string
  readonly userinfo: string
  readonly authorization?: string | undefined
  readonly scopes: readonly string[]
  readonly claims: readonly string[]
  readonly grantTypes: readonly string[]
  readonly responseTypes: readonly string[]
  /** Default: `client_secret_basic` and `client_secret_post`. */
  readonly tokenEndpointAuthMethods?: readonly string[] | undefined
}

/** The metadata document of OpenID Connect Discovery 1.0, section 3. */
export interface ProviderMetadata {
  readonly issuer: string
  readonly authorization_endpoint?: string
  readonly token_endpoint: string
  readonly userinfo_endpoint: string
  readonly jwks_uri: string
  readonly scopes_supported: readonly string[]
  readonly response_types_supported: readonly string[]
  readonly grant_types_supported: readonly string[]
  readonly subject_types_supported: readonly string[]
  readonly id_token_signing_alg_values_supported: readonly string[]
  readonly token_endpoint_auth_methods_supported: readonly string[]
  readonly claims_supported: readonly string[]
}

/** Builds the metadata document. Relative endpoints are resolved against the issuer's origin. */
export function buildProviderMetadata(
  issuer: string,
  algorithms: readonly string[],
  endpoints: DiscoveryEndpoints,
): ProviderMetadata {
  const resolveUrl = (endpoint: string): string => new URL(endpoint, issuer).href
  const { authorization, tokenEndpointAuthMethods } = endpoints
  return {
    issuer,
    ...(authorization === undefined ? {} : { authorization_endpoint: resolveUrl(authorization) }),
    token_endpoint: resolveUrl(endpoints.token),
    userinfo_endpoint: resolveUrl(endpoints.userinfo),
    jwks_uri: resolveUrl(endpoints.jwks),
    scopes_supported: endpoints.scopes,
    response_types_supported: endpoints.responseTypes,
    grant_types_supported: endpoints.grantTypes,
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: algorithms,
    token_endpoint_auth_methods_supported: tokenEndpointAuthMethods ?? ['client_secret_basic', 'client_secret_post'],
    claims_supported: endpoints.claims,
  }
}
