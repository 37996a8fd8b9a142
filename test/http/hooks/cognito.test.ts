import { afterAll, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/engine.ts'
import { type CognitoEvent, createCognitoHandler } from '../../../src/http/hooks/cognito.ts'

const engine = createEngine({
  rules: [
    {
      name: 'claims',
      script: `function (user, context, callback) {
        if (user.email === 'mallory@example.com') return callback(new UnauthorizedError('Not today.'));
        context.idToken.department = user.email_verified ? context.authorization.roles[0] : 'none';
        context.accessToken.tier = context.clientMetadata.tier;
        context.accessToken.scope = ['openid', 'orders/read'];
        callback(null, user, context);
      }`,
    },
  ],
  limits: { workers: 1 },
})
afterAll(() => engine.close())
const handler = createCognitoHandler({ engine })

/** What Cognito sends when ada logs in, in the form that its documentation gives. */
const event: CognitoEvent & Record<string, unknown> = {
  version: '2',
  triggerSource: 'TokenGeneration_HostedAuth',
  region: 'eu-west-1',
  userPoolId: 'eu-west-1_example',
  userName: 'ada',
  callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: 'shop' } as { clientId: string },
  request: {
    userAttributes: {
      sub: 'sub-ada',
      email: 'ada@example.com',
      email_verified: 'true',
      'cognito:user_status': 'CONFIRMED',
    },
    groupConfiguration: { groupsToOverride: ['admins'] },
    scopes: ['openid', 'email'],
    clientMetadata: { tier: 'gold' },
  },
  response: { claimsAndScopeOverrideDetails: null },
}

test('gives Cognito the claims and scopes of both tokens, and the event otherwise as it came', async () => {
  expect(await handler(event)).toEqual({
    ...event,
    response: {
      claimsAndScopeOverrideDetails: {
        idTokenGeneration: { claimsToAddOrOverride: { department: 'admins' } },
        accessTokenGeneration: {
          claimsToAddOrOverride: { tier: 'gold' },
          scopesToAdd: ['orders/read'],
          scopesToSuppress: ['email'],
        },
      },
    },
  })
})

test('throws the reason of a refusal, which is how Cognito is told', async () => {
  const request = { ...event.request, userAttributes: { email: 'mallory@example.com' } }
  await expect(handler({ ...event, request })).rejects.toThrow('Not today.')
})

test('leaves a client by itself alone', async () => {
  const machine = { ...event, version: '3', triggerSource: 'TokenGeneration_ClientCredentials' }
  expect(await handler(machine)).toBe(machine)
})

test('says what to set where the trigger sends the first version of its event', async () => {
  await expect(handler({ ...event, version: '1' })).rejects.toThrow('set its Lambda version to V2_0 or V3_0')
})
