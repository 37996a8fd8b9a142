import { parseArgs } from 'node:util'
import { checkRules } from '../../migration/check/check-rules.ts'
import { resolveModulesFolder } from '../flags/resolve-modules-folder.ts'
import { describeReport } from '../print/print-check.ts'
import { readTexts } from '../flags/read-json.ts'
import { UsageError } from '../print/usage.ts'

/** `claimsmith check`: reports whether rules will run here; resolves to the exit code. */
// oxlint-disable-next-line require-await -- a wrong flag has to reject the promise
export async function runCheckCommand(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      modules: { type: 'string' },
      configuration: { type: 'string' },
      secrets: { type: 'string' },
      json: { type: 'boolean' },
    },
  })
  const [rules, ...more] = positionals
  if (rules === undefined || more.length > 0) throw new UsageError('check takes one file or folder of rules')
  const { modules, configuration, secrets } = values
  const { modulesFolder } = resolveModulesFolder(modules)
  const report = checkRules(rules, {
    ...(modulesFolder === undefined ? {} : { modules: modulesFolder }),
    ...(configuration === undefined ? {} : { configuration: readTexts(configuration, '--configuration') }),
    ...(secrets === undefined ? {} : { secrets: readTexts(secrets, '--secrets') }),
  })
  process.stdout.write(
    values.json === true ? `${JSON.stringify(report, undefined, 2)}\n` : describeReport(report, rules),
  )
  return report.verdict === 'will not run' ? 1 : 0
}
