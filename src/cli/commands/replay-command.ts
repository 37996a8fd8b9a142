import { writeFileSync } from 'node:fs'
import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import { type BrokenReplay, toJunitXml } from '../../recording/replay/junit.ts'
import { listRecordingFiles } from '../../recording/format/list-recordings.ts'
import { type Replay, createReplayer } from '../../recording/replay/replay.ts'
import type { ReplayOptions } from '../../recording/replay/replay-engine.ts'
import { assertOutputFile, assertPath } from '../flags/assert-path.ts'
import { assertAnyRecording } from '../flags/assert-recording.ts'
import { readValueFiles } from '../flags/read-value-files.ts'
import { resolveModulesFolder } from '../flags/resolve-modules-folder.ts'
import { describeReplays, isDifferent } from '../print/print-replay.ts'

export interface ReplayFlags {
  readonly rules?: string
  readonly modules?: string
  readonly configuration?: string
  readonly secrets?: string
  readonly json?: boolean
  readonly junit?: string
}

/** `claimsmith replay`: runs recordings again, and shows the differences; resolves to the exit code. */
export async function runReplayCommand(path: string, flags: ReplayFlags): Promise<number> {
  const { rules, junit } = flags
  assertPath('file or folder', path)
  if (rules !== undefined) assertPath('file or folder', rules, '--rules')
  if (junit !== undefined) assertOutputFile(junit, '--junit')
  const options = {
    ...(rules !== undefined && { rules }),
    ...resolveModulesFolder(flags.modules),
    ...readValueFiles(flags),
  }
  const files = listRecordingFiles(path)
  assertAnyRecording(path, files)
  const replays = await replayAll(files, options)
  const differentCount = replays.filter(isDifferent).length
  if (junit !== undefined) writeFileSync(junit, toJunitXml(replays))
  const document = { recordings: files.length, different: differentCount, replays: replays.map(toReplayReport) }
  process.stdout.write(flags.json === true ? `${JSON.stringify(document, undefined, 2)}\n` : describeReplays(replays))
  return differentCount === 0 ? 0 : 1
}

async function replayAll(files: readonly string[], options: ReplayOptions): Promise<(Replay | BrokenReplay)[]> {
  const replayer = createReplayer(options)
  const replays: (Replay | BrokenReplay)[] = []
  try {
    for (const file of files) replays.push(await replayer.replay(file).catch(createBrokenReplayHandler(file)))
  } finally {
    await replayer.close()
  }
  return replays
}

/** Turns a broken recording into a result, so that the others are still replayed. Every other error ends the command. */
function createBrokenReplayHandler(file: string): (error: unknown) => BrokenReplay {
  return (error) => {
    if (error instanceof ClaimsmithError && error.code === 'INVALID_RECORDING') return { file, error: error.message }
    throw error
  }
}

function toReplayReport(result: Replay | BrokenReplay): object {
  if ('error' in result) return result
  const { file, user, recorded, replayed, differences, unrecorded } = result
  return { file, user, outcome: { recorded: recorded.outcome, replayed: replayed.outcome }, differences, unrecorded }
}
