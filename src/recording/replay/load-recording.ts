import { readRecording } from '../format/read-recording.ts'
import type { LoadedRecording, RecordingSecrets } from './loaded-recording.ts'
import { reviveRecording } from './revive-recording.ts'

/**
 * Reads a recorded login for a test or another run. `engine.run({ user, context }, { time: clock, seed, global, resumePoint })`
 * has the same outcome if the engine has the recording's `configuration`, `users`, `modules` and `network: { fetch }`.
 *
 * @throws {ClaimsmithError} INVALID_RECORDING if the file is not a recording; the message has the file and the field
 */
export function loadRecording(file: string, recordingSecrets: RecordingSecrets = {}): LoadedRecording {
  const { input, answers } = reviveRecording(readRecording(file), recordingSecrets)
  const { fetch, users, modules } = answers
  return { ...input, fetch, users, modules }
}
