import { createEngine } from '../../src/engine/engine.ts'
import { startSpare } from '../../src/sandbox/host/worker-child.ts'

/** What the worker of this process is to do; a line on stdout says that it has been told. */
const script = `async function (user, context, callback) {
  if (user.task === undefined) return callback(null, user, context);
  await auth0.users.updateAppMetadata('a', {});
  if (user.task === 'loop') for (;;);
  if (user.task === 'builtin') for (;;) (7n ** (1n << 21n)).toString();
}`
const longMs = 600_000

const [task = ''] = process.argv.slice(2)

function say(): void {
  process.stdout.write('told\n')
}

function makeEngine(): ReturnType<typeof createEngine> {
  const limits = { cpuPerRuleMs: longMs, cpuPerLoginMs: longMs, wallPerRuleMs: longMs, wallPerLoginMs: longMs }
  return createEngine({
    rules: [{ name: 'task', script }],
    limits: { workers: 2, ...limits },
    users: {
      async updateAppMetadata() {
        say()
        if (task === 'host call') await new Promise(() => undefined)
      },
    },
  })
}

if (task === 'spare') startSpare()
else {
  const engine = makeEngine()
  if (task !== 'start') await engine.run({ user: {} })
  if (['loop', 'builtin', 'host call'].includes(task)) void engine.run({ user: { task } })
}
if (task !== 'end' && task !== 'host call') say()
// Keeps this process alive until the test kills it.
if (task !== 'end') setInterval(() => undefined, 60_000)
