import { createHash, randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { BuildPart } from './build-part.ts'

/** What a part was built from. The record is kept beside the result. */
export interface BuildRecord {
  /** SHA-256 over all inputs; empty if one of them changed during the build. */
  readonly fingerprint: string
  /** The inputs that only the build itself could list. */
  readonly foundInputs: readonly string[]
  /** The files of the part, as paths from the target. */
  readonly outputs: readonly string[]
}

const recordsFolder = '.fingerprints'

/** Reads the record of a part in `target`; undefined if there is none. */
export function readRecord({ name }: BuildPart, target: string): BuildRecord | undefined {
  try {
    return JSON.parse(readFileSync(join(target, recordsFolder, `${name}.json`), 'utf8')) as BuildRecord
  } catch {
    // The record is missing or incomplete: the part is built again.
    return undefined
  }
}

export function writeRecord({ name }: BuildPart, target: string, record: BuildRecord): void {
  const file = join(target, recordsFolder, `${name}.json`)
  const draft = `${file}.${randomUUID()}`
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(draft, JSON.stringify(record))
  renameSync(draft, file)
}

export function removeRecord({ name }: BuildPart, target: string): void {
  rmSync(join(target, recordsFolder, `${name}.json`), { force: true })
}

/** Checks that a part in `target` is complete, and that its inputs have not changed since it was built. */
export function isCurrent(part: BuildPart, root: string, target: string): boolean {
  const record = readRecord(part, target)
  if (record === undefined || !record.outputs.every((file) => existsSync(join(target, file)))) return false
  return record.fingerprint === fingerprintInputs(root, [...part.listInputs(root), ...record.foundInputs])
}

/** Checks whether a file was written after `timeMs`, which is a whole number. */
export function isNewerThan(file: string, timeMs: number): boolean {
  return Math.floor(statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) > timeMs
}

/** Hashes the paths and contents of files; their order and repetitions do not count. */
export function fingerprintInputs(root: string, paths: readonly string[]): string {
  const hash = createHash('sha256')
  for (const path of [...new Set(paths)].toSorted()) {
    const file = join(root, path)
    const content = existsSync(file) ? createHash('sha256').update(readFileSync(file)).digest('hex') : 'missing'
    hash.update(`${path}\n${content}\n`)
  }
  return hash.digest('hex')
}
