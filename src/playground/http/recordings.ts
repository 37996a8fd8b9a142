import { basename } from 'node:path'
import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import { loadRecording } from '../../recording/replay/load-recording.ts'
import type { LoadedRecording } from '../../recording/replay/loaded-recording.ts'
import { listRecordingFiles } from '../../recording/format/list-recordings.ts'

/** The recorded logins that the page offers. */
export interface Recordings {
  /** Their names, newest first. */
  listNames(): readonly string[]
  /** @throws {ClaimsmithError} INVALID_ARGUMENT if there is none of this name, INVALID_RECORDING if its file is wrong */
  load(name: string): LoadedRecording
}

const maxNames = 100

/** Lists the recordings of a folder, which is read at each call. Without a folder, there are none. */
export function createRecordings(folder: string | undefined): Recordings {
  function listFiles(): readonly string[] {
    try {
      return folder === undefined ? [] : listRecordingFiles(folder).toReversed().slice(0, maxNames)
    } catch (error) {
      // There is no folder until the first login is recorded.
      if (error instanceof ClaimsmithError) return []
      throw error
    }
  }

  return {
    listNames: () => listFiles().map((file) => basename(file, '.json')),
    load(name) {
      const file = listFiles().find((path) => basename(path, '.json') === name)
      if (file === undefined) throw new ClaimsmithError('INVALID_ARGUMENT', `There is no recording ${name}.`)
      return loadRecording(file)
    },
  }
}
