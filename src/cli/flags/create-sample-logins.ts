import type { LoginInput } from '../../engine/ports/login-input.ts'
import { createSampleContext, createSampleUser } from './sample-login.ts'

/** Builds logins of different kinds: `convert` compares rule and action over them, and `dev` runs them. */
export function createSampleLogins(): LoginInput[] {
  const user = createSampleUser()
  const context = createSampleContext()
  const riskyContext = {
    ...context,
    request: { ...context.request, geoip: { country_code: 'DE', country_name: 'Germany', time_zone: 'Europe/Berlin' } },
    riskAssessment: { confidence: 'low', assessments: { NewDevice: { confidence: 'low', code: 'unknown_device' } } },
  }
  const samlContext = { ...context, protocol: 'samlp', samlConfiguration: {} }
  return [
    { user, context },
    {
      user: {
        ...user,
        email_verified: false,
        multifactor: ['guardian'],
        user_metadata: { picture: 'https://example.com/own.png' },
      },
      context: riskyContext,
    },
    { user: { ...user, email: 'mallory@evil.example', app_metadata: { roles: ['admin'] } }, context: samlContext },
    { user: { user_id: 'sms|1', name: '+4930901820' }, context: { ...context, stats: { loginsCount: 1 } } },
    { user, context: { ...context, protocol: 'oauth2-refresh-token', clientID: 'another-app' } },
  ]
}
