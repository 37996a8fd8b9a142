import type { Engine } from '../../engine/ports/engine.ts'
import type { LoginInput } from '../../engine/ports/login-input.ts'
import type { Outcome } from '../../engine/outcome/outcome.ts'
import { toErrorDescription } from '../../engine/outcome/to-error-description.ts'
import { hookWallMs } from './hook-handler.ts'
import { mapClaimsToUser } from './map-claims-to-user.ts'

/**
 * Amazon Cognito's pre token generation event, versions 2 and 3:
 * https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
 */
export interface CognitoEvent {
  readonly version: string
  readonly triggerSource: string
  readonly userPoolId: string
  readonly userName?: string
  readonly callerContext: { readonly clientId: string }
  readonly request: {
    readonly userAttributes?: Readonly<Record<string, string>>
    readonly groupConfiguration?: { readonly groupsToOverride?: readonly string[] }
    readonly scopes?: readonly string[]
    readonly clientMetadata?: Readonly<Record<string, string>>
  }
  response: { claimsAndScopeOverrideDetails?: unknown }
}

export interface CognitoOptions {
  readonly engine: Engine
}

/**
 * Creates a Lambda handler for Amazon Cognito's pre token generation trigger. A trigger denies a login by an exception: if
 * the rules deny, the handler throws an error whose message is their reason, written for the user.
 */
export function createCognitoHandler({ engine }: CognitoOptions): (event: CognitoEvent) => Promise<CognitoEvent> {
  return async (event) => {
    if (!/^[23]$/.test(event.version)) {
      throw new Error(
        `The trigger sends version ${event.version} of its event; set its Lambda version to V2_0 or V3_0.`,
      )
    }
    const login = toLoginInput(event)
    if (login === undefined) return event
    const outcome = await engine.run(login, { wallMs: hookWallMs })
    const denyReason = toErrorDescription(outcome)
    if (denyReason !== undefined) throw new Error(denyReason)
    return { ...event, response: { ...event.response, claimsAndScopeOverrideDetails: buildOverrides(event, outcome) } }
  }
}

function toLoginInput({ triggerSource, callerContext, userName, request }: CognitoEvent): LoginInput | undefined {
  if (triggerSource === 'TokenGeneration_ClientCredentials') return undefined
  const { userAttributes = {}, scopes = [], groupConfiguration, clientMetadata } = request
  return {
    user: mapClaimsToUser(userAttributes['sub'] ?? userName ?? '', {
      ...userAttributes,
      ...parseFlags(userAttributes),
    }),
    context: {
      clientID: callerContext.clientId,
      clientMetadata: { ...clientMetadata },
      protocol: triggerSource === 'TokenGeneration_RefreshTokens' ? 'oauth2-refresh-token' : 'oidc-basic-profile',
      authorization: { roles: [...(groupConfiguration?.groupsToOverride ?? [])] },
      idToken: {},
      accessToken: { scope: [...scopes] },
    },
  }
}

/** Cognito sends all attributes as text. */
function parseFlags(attributes: Readonly<Record<string, string>>): Record<string, boolean> {
  const flags = ['email_verified', 'phone_number_verified'].filter((name) => attributes[name] !== undefined)
  return Object.fromEntries(flags.map((name) => [name, attributes[name] === 'true']))
}

function buildOverrides({ request }: CognitoEvent, { claims, context }: Outcome): object {
  const before = request.scopes ?? []
  const after = context.accessToken?.scope ?? before
  return {
    idTokenGeneration: { claimsToAddOrOverride: claims.idToken },
    accessTokenGeneration: {
      claimsToAddOrOverride: claims.accessToken,
      scopesToAdd: after.filter((scope) => !before.includes(scope)),
      scopesToSuppress: before.filter((scope) => !after.includes(scope)),
    },
  }
}
