import { checkRules } from '../../migration/check/check-rules.ts'
import { assertPath } from '../flags/assert-path.ts'
import { readValueFiles } from '../flags/read-value-files.ts'
import { resolveModulesFolder } from '../flags/resolve-modules-folder.ts'
import { listRecordedUrls } from '../flags/list-recorded-urls.ts'
import { describeReport } from '../print/print-check.ts'

export interface CheckFlags {
  readonly modules?: string
  readonly configuration?: string
  readonly secrets?: string
  readonly recordings?: string
  readonly json?: boolean
}

/** `claimsmith check`: reports whether rules will run here; resolves to the exit code. */
// oxlint-disable-next-line require-await -- wrong usage has to reject the promise
export async function runCheckCommand(rules: string, flags: CheckFlags): Promise<number> {
  assertPath('file or folder', rules)
  const { modulesFolder } = resolveModulesFolder(flags.modules)
  const report = checkRules(rules, {
    ...(modulesFolder !== undefined && { modules: modulesFolder }),
    ...readValueFiles(flags),
    ...(flags.recordings !== undefined && { recordedUrls: listRecordedUrls(flags.recordings) }),
  })
  process.stdout.write(
    flags.json === true ? `${JSON.stringify(report, undefined, 2)}\n` : describeReport(report, rules),
  )
  return report.verdict === 'will not run' ? 1 : 0
}
