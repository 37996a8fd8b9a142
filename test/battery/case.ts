import { createEngine } from '../../src/engine/engine.ts'
import type { AttackOptions } from './attack.ts'

/**
 * One hostile case, in a process of its own: a ruleset that turns hostile for one user, run again and again on one worker,
 * beside clean logins of other users. Prints what became of each; an exit code other than 0 means that the host broke.
 */
const input = JSON.parse(process.argv[2] ?? '') as AttackOptions & { readonly script: string; readonly repeats: number }
const { script, repeats, limits = {}, allow = [], realm = 'hardened', dialect = 'rule' } = input
const rule = `function (user, context, callback) {
  if (user.name !== 'hostile') return callback(null, user, context);
  ${script}
}`
const action = `exports.onExecutePostLogin = async (event, api) => {
  if (event.user.name !== 'hostile') return;
  ${script}
}`
const engine = createEngine({
  rules: [{ name: 'case', script: dialect === 'action' ? action : rule }],
  limits: { workers: 1, ...limits },
  network: { allow },
  realm,
  users: { updateUserMetadata: async (id) => ({ user_id: id }) },
})
const hostile: string[] = []
const clean: string[] = []
const run = async (name: string): Promise<string> => {
  const { outcome, error } = await engine.run({ user: { name } })
  return error?.code ?? outcome
}
for (let repeat = 0; repeat < repeats; repeat++) {
  const [bad, good] = await Promise.all([run('hostile'), run('ada')])
  hostile.push(bad)
  clean.push(good)
}
const rssMb = process.memoryUsage().rss / 1_048_576
await engine.close()
process.stdout.write(JSON.stringify({ hostile: [...new Set(hostile)], clean: [...new Set(clean)], rssMb }))
