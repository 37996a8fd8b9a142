import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { ClaimsmithError } from '../../errors/claimsmith-error.ts'

/**
 * Lists the recordings of a folder in the order in which their logins began. The path of a file is listed as it is.
 *
 * @throws {ClaimsmithError} INVALID_RECORDING if there is none
 */
export function listRecordingFiles(path: string): string[] {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats === undefined) throw new ClaimsmithError('INVALID_RECORDING', `${path}: there is no such file or folder`)
  if (!stats.isDirectory()) return [path]
  const names = readdirSync(path).filter((name) => name.endsWith('.json') && !name.startsWith('rules-'))
  if (names.length > 0) return names.toSorted().map((name) => join(path, name))
  throw new ClaimsmithError('INVALID_RECORDING', `there is no recording in ${path}`)
}
