import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import { type BrokenReplay, toJunitXml } from '../../recording/replay/junit.ts'
import { listRecordingFiles } from '../../recording/format/list-recordings.ts'
import { type Replay, createReplayer } from '../../recording/replay/replay.ts'
import type { ReplayOptions } from '../../recording/replay/replay-engine.ts'
import { resolveModulesFolder } from '../flags/resolve-modules-folder.ts'
import { describeReplays, isDifferent } from '../print/print-replay.ts'
import { readTexts } from '../flags/read-json.ts'
import { UsageError } from '../print/usage.ts'

/** `claimsmith replay`: runs recordings again, and shows the differences; resolves to the exit code. */
export async function runReplayCommand(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      rules: { type: 'string' },
      modules: { type: 'string' },
      configuration: { type: 'string' },
      secrets: { type: 'string' },
      json: { type: 'boolean' },
      junit: { type: 'string' },
    },
  })
  const [path, ...more] = positionals
  if (path === undefined || more.length > 0) throw new UsageError('replay takes one folder of recordings, or one file')
  const files = listRecordingFiles(path)
  const replays = await replayAll(files, {
    ...(values.rules !== undefined && { rules: values.rules }),
    ...resolveModulesFolder(values.modules),
    ...(values.configuration !== undefined && { configuration: readTexts(values.configuration, '--configuration') }),
    ...(values.secrets !== undefined && { secrets: readTexts(values.secrets, '--secrets') }),
  })
  const differentCount = replays.filter(isDifferent).length
  if (values.junit !== undefined) writeFileSync(values.junit, toJunitXml(replays))
  const document = { recordings: files.length, different: differentCount, replays: replays.map(toReplayReport) }
  process.stdout.write(values.json === true ? `${JSON.stringify(document, undefined, 2)}\n` : describeReplays(replays))
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
