import { parseArgs } from 'node:util'
import { commandLine } from './command-line.ts'
import { crypto } from './crypto.ts'
import { hooks } from './hooks.ts'
import { imports } from './import.ts'
import { memory } from './memory.ts'
import { modules } from './modules.ts'
import { oidc } from './oidc-provider.ts'
import { pipeline } from './pipeline.ts'
import { type Figure, report } from './report.ts'
import { store } from './store.ts'

const benches: Readonly<Record<string, () => Promise<Figure[]>>> = {
  pipeline,
  memory,
  import: imports,
  modules,
  hooks,
  oidc,
  // The test kit starts a worker when it is imported, which other benches would find among theirs.
  kit: async () => (await import('./kit.ts')).kit(),
  store,
  cli: commandLine,
  crypto,
}

/** What runs where none is named: the others fill databases, or measure how workers start. */
const usual = ['pipeline', 'memory', 'hooks', 'oidc', 'cli']

const { positionals } = parseArgs({ allowPositionals: true })
const chosen = positionals.length > 0 ? positionals : usual
let held = true
for (const name of chosen) {
  const bench = benches[name]
  if (bench === undefined) throw new Error(`there is no bench ${name}; there are ${Object.keys(benches).join(', ')}`)
  console.log(`\n${name}`)
  held = report(await bench()) && held
}
process.exitCode = held ? 0 : 1
