import { parseArgs } from 'node:util'
import { createEngine } from '../../src/engine/engine.ts'

/**
 * One hostile case, in a process of its own: a ruleset that turns hostile for one user, run again and again beside clean
 * logins of other users. Prints what became of each; an exit code other than 0 means that the host broke.
 */
const { values } = parseArgs({
  options: {
    script: { type: 'string' },
    repeats: { type: 'string' },
    limits: { type: 'string', default: '{}' },
    allow: { type: 'string', default: '' },
    realm: { type: 'string' },
    dialect: { type: 'string' },
  },
})
const rule = `function (user, context, callback) {
  if (user.name !== 'hostile') return callback(null, user, context);
  ${values.script ?? ''}
}`
const action = `exports.onExecutePostLogin = async (event, api) => {
  if (event.user.name !== 'hostile') return;
  ${values.script ?? ''}
}`
const engine = createEngine({
  rules: [{ name: 'case', script: values.dialect === 'action' ? action : rule }],
  limits: JSON.parse(values.limits) as object,
  network: { allow: values.allow.split(' ').filter(Boolean) },
  realm: values.realm === 'fresh' ? 'fresh' : 'hardened',
  users: { updateUserMetadata: async (id) => ({ user_id: id }) },
})
const hostile: string[] = []
const clean: string[] = []
const run = async (name: string): Promise<string> => {
  const { outcome, error } = await engine.run({ user: { name } })
  return error?.code ?? outcome
}
for (let repeat = 0; repeat < Number(values.repeats ?? 1); repeat++) {
  const [bad, good] = await Promise.all([run('hostile'), run('ada')])
  hostile.push(bad)
  clean.push(good)
}
const rssMb = process.memoryUsage().rss / 1_048_576
await engine.close()
process.stdout.write(JSON.stringify({ hostile: [...new Set(hostile)], clean: [...new Set(clean)], rssMb }))
