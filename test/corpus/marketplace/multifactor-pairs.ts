import { expect } from 'vitest'
import { asked } from '../row.ts'
import { type Pair, challenged, denied } from './pair.ts'

const assessed = (confidence: string) => ({
  riskAssessment: { assessments: { NewDevice: { confidence } } },
})
const enrolled = { multifactor: ['guardian'] }
const stepUp = 'http://schemas.openid.net/pape/policies/2007/06/multi-factor'
const passed = { authentication: { methods: [{ name: 'mfa', timestamp: 1_763_000_000_000 }] } }
const byPassword = { authentication: { methods: [{ name: 'pwd', timestamp: 1_763_000_000_000 }] } }
const remembered = (provider: string) =>
  ({
    because: 'a browser may be remembered, which the rule forbids',
    action: { multifactor: challenged(provider, true).multifactor },
  }) as const
const groups = (...names: string[]) => ({ app_metadata: { authorization: { groups: names } } })

/** Who is asked for a second factor. */
export const multifactorPairs: Readonly<Record<string, Pair>> = {
  'adaptive-mfa-POST_LOGIN': {
    rule: 'adaptive-mfa',
    logins: {
      'from a device that is hardly trusted': {
        user: enrolled,
        context: assessed('low'),
        shows: challenged('any', false),
        differs: remembered('any'),
      },
      'from a known device': { user: enrolled, context: assessed('high'), shows: {} },
      'from a device of which nothing can be said': { user: enrolled, context: assessed('neutral'), shows: {} },
      'of somebody without a second factor': { context: assessed('low'), shows: {} },
      'of which no risk was assessed': {
        user: enrolled,
        shows: {
          outcome: 'error',
          reason: expect.stringMatching(/^Cannot read properties of undefined \(reading 'assessments'\)/) as unknown,
        },
        differs: {
          because: 'it does without an assessment, where the rule fails',
          action: { outcome: 'allow', reason: undefined },
        },
      },
    },
  },
  'guardian-multifactor-authorization-extension-POST_LOGIN': {
    rule: 'guardian-multifactor-authorization-extension',
    secrets: { MFA_ROLES: 'Admins, owners' },
    logins: {
      'of an admin': {
        user: groups('admins'),
        context: { authorization: { roles: ['admins'] } },
        shows: challenged('guardian', false),
        differs: remembered('guardian'),
      },
      'of somebody else': { user: groups('users'), context: { authorization: { roles: ['users'] } }, shows: {} },
      'of somebody without roles': { shows: {} },
      'of an admin whom only the extension knows': {
        user: groups('admins'),
        shows: challenged('guardian', false),
        differs: {
          because: 'it asks for the roles of the login, the rule for the groups that an extension had saved',
          action: { outcome: 'allow', multifactor: undefined },
        },
      },
      'of somebody whose address is not verified': {
        user: { email_verified: false },
        shows: {},
        differs: { because: 'it demands a verified address', action: denied('Email not verified') },
      },
    },
  },
  'guardian-multifactor-ip-range-POST_LOGIN': {
    rule: 'guardian-multifactor-ip-range',
    secrets: { TRUSTED_CIDR: '192.168.1.134/26' },
    logins: {
      'from the network': { context: asked({ ip: '192.168.1.150' }), shows: {} },
      'from elsewhere': { shows: challenged('guardian', false) },
      'from an address that is none': {
        context: asked({ ip: 'unknown' }),
        shows: { outcome: 'error', reason: expect.stringMatching(/neither IPv6 nor IPv4/) as unknown },
        differs: { because: 'it refuses, where the rule fails', action: denied('Invalid request') },
      },
    },
  },
  'guardian-multifactor-stepup-authentication-POST_LOGIN': {
    rule: 'guardian-multifactor-stepup-authentication',
    logins: {
      'that asks for it': { context: asked({ query: { acr_values: stepUp } }), shows: challenged('any', false) },
      'that asks for it, after a password': {
        context: { ...asked({ query: { acr_values: stepUp } }), ...byPassword },
        shows: challenged('any', false),
      },
      'that asks for it, and has passed it': {
        context: { ...asked({ query: { acr_values: stepUp } }), ...passed },
        shows: {},
      },
      'that asks for something else': { context: asked({ query: { acr_values: 'urn:other' } }), shows: {} },
      'that asks for nothing': { shows: {} },
      'that asks for it among others': {
        context: asked({ query: { acr_values: `urn:other ${stepUp}` } }),
        shows: {},
        differs: {
          because: 'it reads the values one by one, the rule the text as a whole',
          action: challenged('any', false),
        },
      },
    },
  },
  'mfa-require-enrollment-POST_LOGIN': {
    rule: 'mfa-require-enrollment',
    logins: {
      'of somebody without a second factor': {
        shows: challenged('any'),
        differs: {
          because: 'that no browser is to be remembered is said, which is what is meant without saying it in an Action',
          action: { multifactor: challenged('any', false).multifactor },
        },
      },
      'of somebody with a second factor': { user: enrolled, shows: {} },
    },
  },
  'require-mfa-once-per-session-POST_LOGIN': {
    rule: 'require-mfa-once-per-session',
    logins: {
      'of a session without it': { context: byPassword, shows: challenged('any', false) },
      'of a session that has it': { context: passed, shows: {} },
      'of which no methods are known': { shows: challenged('any', false) },
    },
  },
}
