import { type Engine, createEngine } from 'claimsmith'
import { login } from './login.ts'

/** Packages that come with claimsmith. */
const requires = `var _ = require('lodash'), uuid = require('uuid'), jwt = require('jsonwebtoken');`

/** Ten rules, each of which does a little work with or without modules; `mark` makes their text differ from others'. */
export function moduleRules(withModules: boolean, mark = ''): { name: string; script: string }[] {
  return Array.from({ length: 10 }, (_, index) => ({
    name: `rule-${index + 1}`,
    script: `function (user, context, callback) {
      ${withModules ? requires : ''}
      var mark = '${mark}';
      user.app_metadata = user.app_metadata || {};
      user.app_metadata['r${index}'] = user.email.split('@')[1] === 'example.com' ? ['employee'] : [];
      callback(null, user, context);
    }`,
  }))
}

/** An engine with one worker, whose logins may take the time that it takes a realm to start. */
export function moduleEngine(rules: ReturnType<typeof moduleRules>): Engine {
  return createEngine({ rules, limits: { workers: 1, cpuPerLoginMs: 10_000 } })
}

/** Runs the bench's login; it must be allowed. */
export async function logIn(engine: Engine): Promise<void> {
  const outcome = await engine.run(login)
  if (outcome.outcome !== 'allow') throw new Error(`the bench's login ended as ${outcome.outcome}: ${outcome.reason}`)
}
