import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { outcomeSchema } from '../src/engine/outcome-schema.ts'
import { buildGuest } from './build-guest.ts'

const root = new URL('..', import.meta.url)
rmSync(new URL('dist', root), { recursive: true, force: true })
execFileSync('tsc', ['--project', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
  shell: process.platform === 'win32',
})
await buildGuest()
mkdirSync(new URL('schemas', root), { recursive: true })
writeFileSync(new URL('schemas/outcome.json', root), `${JSON.stringify(outcomeSchema, undefined, 2)}\n`)
