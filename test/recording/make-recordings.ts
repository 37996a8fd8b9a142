import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { type Engine, createEngine } from '../../src/engine/engine.ts'
import type { EngineOptions } from '../../src/engine/engine-options.ts'
import { recordInto } from '../../src/recording/record-into.ts'
import { type Replay, type ReplayOptions, createReplayer } from '../../src/recording/replay.ts'
import { login } from '../engine/use-engine.ts'

/** A folder for the tests of one file. */
export const home = mkdtempSync(join(tmpdir(), 'claimsmith-recording-'))
afterAll(() => rmSync(home, { recursive: true }))

export interface Recorded {
  readonly folder: string
  readonly files: readonly string[]
}

let folders = 0

/** Records what `use` does with an engine of these rules. */
export async function record(
  scripts: readonly string[],
  options: Partial<EngineOptions> = {},
  use: (engine: Engine) => Promise<unknown> = (engine) => engine.run(login),
): Promise<Recorded> {
  const folder = join(home, `recordings-${folders++}`)
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

/** A folder of rules. */
export function folderOf(files: Record<string, string>): string {
  const folder = join(home, `rules-${folders++}`)
  mkdirSync(folder)
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return folder
}
