import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../rules/temporary-folder.ts'
import { claimsmith } from './command.ts'

test(
  'a return that differs is printed with its parameters, and a redirect that no login takes is told',
  { timeout: 60_000 },
  async () => {
    const folder = temporaryFolder({
      'rules/1-forgets.js': `function (user, context, callback) {
        if (context.protocol === 'redirect-callback') return callback(null, user, context);
        context.idToken.way = context.request.query.way;
        context.idToken.sent = true;
        context.redirect = { url: 'https://example.com/' };
        callback(null, user, context);
      }`,
      'rules/2-rare.js': `function (user, context, callback) {
        if (user.email === 'nobody@example.com') context.redirect = { url: 'https://example.com/' };
        callback(null, user, context);
      }`,
    })
    const { exitCode, stdout } = await claimsmith('convert', join(folder, 'rules'), '--to', join(folder, 'actions'))
    expect(exitCode).toBe(1)
    expect(stdout).toContain('! 1-forgets  differs on 12 of 5 logins and 12 returns of redirected users\n')
    expect(stdout).toContain('    login 1, back with nothing, the rule:   {"outcome":"allow","profile":{},')
    expect(stdout).toContain('    login 1, back with way=yes, the action: {"outcome":"allow","profile":{"sent":true},')
    expect(stdout).toContain('    an action keeps what it set before it redirected')
    expect(stdout).toContain('✓ 2-rare  gives the same outcome and claims on 5 logins\n    no login was redirected')
  },
)

test('the secrets that an action needs are named, and their values are not', { timeout: 60_000 }, async () => {
  const folder = temporaryFolder({
    'rules/mark.js': `function (user, context, callback) { context.idToken.mark = configuration.MARK; callback(null, user, context); }`,
    'rules/configuration.json': { MARK: 'of-gold' },
  })
  const { stdout } = await claimsmith('convert', join(folder, 'rules'), '--to', join(folder, 'actions'))
  expect(stdout).toContain('    needs the secret MARK\n')
  expect(stdout).not.toContain('of-gold')
})
