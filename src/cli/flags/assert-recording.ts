import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import { isFolder } from '../../rules/folder/folder-files.ts'
import { readRecording } from '../../recording/format/read-recording.ts'
import { UsageError } from '../usage-error.ts'

/** Asserts that a file is a recording. @throws {UsageError} if it is none; it says why */
export function assertRecording(file: string): void {
  const fault = findFault(file)
  if (fault !== undefined) throw new UsageError(`not a recording: ${fault}`)
}

/**
 * Asserts that one of the files of a path is a recording: then the path is meant, and the others are broken.
 *
 * @throws {UsageError} if there is none
 */
export function assertAnyRecording(path: string, files: readonly string[]): void {
  if (!isFolder(path)) return assertRecording(path)
  if (files.some((file) => findFault(file) === undefined)) return
  throw new UsageError(`there is no recording in ${path}`)
}

function findFault(file: string): string | undefined {
  try {
    readRecording(file)
    return undefined
  } catch (error) {
    if (error instanceof ClaimsmithError && error.code === 'INVALID_RECORDING') return error.message
    throw error
  }
}
