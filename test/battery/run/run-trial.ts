import { nameCase } from '../cases/battery-case.ts'
import { batteryCases } from '../cases/index.ts'
import { variants } from '../cases/variants.ts'
import { runProgramCase } from './run-program-case.ts'
import { runScriptCase } from './run-script-case.ts'
import type { TrialInput } from './trial.ts'

/** The process of one trial: an exit code other than 0 means that the embedder's process broke. */
const { name, variant, repeats } = JSON.parse(process.argv[2] ?? '') as TrialInput
const found = batteryCases.find((one) => nameCase(one) === name)
if (found === undefined) throw new Error(`there is no case ${name}`)
const report = await ('script' in found
  ? runScriptCase(found, variants[variant], repeats)
  : runProgramCase(found, variants[variant], repeats))
process.stdout.write(JSON.stringify(report))
