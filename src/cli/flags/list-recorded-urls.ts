import { listRecordingFiles } from '../../recording/format/list-recordings.ts'
import { readRecording } from '../../recording/format/read-recording.ts'
import { assertPath } from './assert-path.ts'

/** Lists the URLs that the rules of recorded logins called. What was refused is left out. @throws {UsageError} */
export function listRecordedUrls(path: string): readonly string[] {
  assertPath('file or folder', path, '--recordings')
  return listRecordingFiles(path).flatMap((file) =>
    readRecording(file)
      .outcome.rules.flatMap(({ requests }) => requests)
      .filter(({ error = '' }) => !/\brefused: /.test(error))
      .map(({ url }) => url),
  )
}
