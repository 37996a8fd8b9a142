import { describe, expect, test } from 'vitest'
import { convertRule } from '../../../src/migration/convert/convert-rule.ts'
import { useEngine } from '../../engine/use-engine.ts'

function convert(script: string): string {
  return convertRule({ name: 'a', file: 'a.js', script }).script ?? ''
}

describe('a rule that redirects becomes an action that goes on when the user is back', () => {
  const { run, engine } = useEngine()
  const protocol = 'oidc-basic-profile'

  test('and knows it by the protocol', async () => {
    const script = convert(`function (user, context, callback) {
      if (context.protocol === 'redirect-callback') {
        if (context.request.query.accepted !== 'yes') return callback(new UnauthorizedError('You must accept.'));
        context.idToken.terms = 'accepted';
        return callback(null, user, context);
      }
      context.redirect = { url: 'https://example.com/terms' };
      callback(null, user, context);
    }`)
    const back = async (accepted: string): Promise<unknown> => {
      const { state = '' } = await run(script, { context: { protocol } })
      const { outcome, reason, claims } = await engine.resume(state, { query: { accepted } })
      return { outcome, reason, claims: claims.idToken }
    }
    expect(await back('yes')).toEqual({ outcome: 'allow', reason: undefined, claims: { terms: 'accepted' } })
    expect(await back('no')).toEqual({ outcome: 'deny', reason: 'You must accept.', claims: {} })
  })

  test('and redirects nobody twice, whatever it looks at', async () => {
    const script = convert(`function (user, context, callback) {
      if (!user.accepted) context.redirect = { url: 'https://example.com/terms' };
      callback(null, user, context);
    }`)
    const { outcome, state = '' } = await run(script, { context: { protocol } })
    expect([outcome, (await engine.resume(state)).outcome]).toEqual(['redirect', 'allow'])
  })
})
