import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { outcomeSchema } from '../src/engine/outcome-schema.ts'
import { recordingSchema } from '../src/recording/schema.ts'
import { checkSchema } from '../src/migration/check/report-schema.ts'
import { buildExplorer } from './build-explorer.ts'
import { buildGuest } from './build-guest.ts'
import { buildPlayground } from './build-playground.ts'
import { buildWorker } from './build-worker.ts'

const root = new URL('..', import.meta.url)
rmSync(new URL('dist', root), { recursive: true, force: true })
execFileSync('tsc', ['--project', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
  shell: process.platform === 'win32',
})
// What modules in the isolate find as Node's own, in the form of CommonJS, which the compiler does not write.
const shims = new URL('src/sandbox/guest/node/', root)
for (const file of readdirSync(shims).filter((name) => name.endsWith('.cjs'))) {
  copyFileSync(new URL(file, shims), new URL(`dist/sandbox/guest/node/${file}`, root))
}
await buildGuest()
await buildWorker()
buildExplorer()
await buildPlayground()
mkdirSync(new URL('schemas', root), { recursive: true })
for (const [name, schema] of Object.entries({
  outcome: outcomeSchema,
  check: checkSchema,
  recording: recordingSchema,
})) {
  writeFileSync(new URL(`schemas/${name}.json`, root), `${JSON.stringify(schema, undefined, 2)}\n`)
}
