import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { runInNewContext } from 'node:vm'

/** The first result of one rule in a new process, by the test kit or by `node:vm`; prints the milliseconds from loading on. */
const file = fileURLToPath(new URL('../../rules-examples/30-default-picture.js', import.meta.url))
const way = process.argv[2]
const { loadRule } = way === 'kit' ? await import('claimsmith/testing') : {}
type Rule = (user: object, context: object, callback: () => void) => void

const startedAtMs = performance.now()
if (loadRule !== undefined) await loadRule(file)({}, {})
else {
  const rule = runInNewContext(`(${readFileSync(file, 'utf8')})`, { configuration: {} }) as Rule
  await new Promise<void>((resolve) => rule({}, {}, resolve))
}
console.log(performance.now() - startedAtMs)
