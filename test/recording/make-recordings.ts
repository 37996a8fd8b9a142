import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createEngine } from '../../src/engine/engine.ts'
import type { Engine } from '../../src/engine/ports/engine.ts'
import type { EngineOptions } from '../../src/engine/options/engine-options.ts'
import { recordInto } from '../../src/recording/format/record-into.ts'
import { type Replay, createReplayer } from '../../src/recording/replay/replay.ts'
import type { ReplayOptions } from '../../src/recording/replay/replay-engine.ts'
import { login } from '../engine/use-engine.ts'
import { temporaryFolder } from '../rules/temporary-folder.ts'

export interface Recorded {
  readonly folder: string
  readonly files: readonly string[]
}

/** Records what `use` does with an engine of these rules; the recordings are gone when the test is over. */
export async function record(
  scripts: readonly string[],
  options: Partial<EngineOptions> = {},
  use: (engine: Engine) => Promise<unknown> = (engine) => engine.run(login),
): Promise<Recorded> {
  const folder = join(temporaryFolder({}), 'recordings')
  const engine = createEngine({
    rules: scripts.map((script, index) => ({ name: `rule-${index + 1}`, script })),
    limits: { workers: 1 },
    network: { allow: ['127.0.0.1'] },
    record: recordInto(folder),
    ...options,
  })
  await use(engine)
  await engine.close()
  const names = readdirSync(folder).filter((name) => !name.startsWith('rules-'))
  return { folder, files: names.toSorted().map((name) => join(folder, name)) }
}

export async function replayAll({ files }: Recorded, options: ReplayOptions = {}): Promise<Replay[]> {
  const replayer = createReplayer(options)
  const replays: Replay[] = []
  for (const file of files) replays.push(await replayer.replay(file))
  await replayer.close()
  return replays
}
