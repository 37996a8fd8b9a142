import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RecordPort, RecordedRun } from '../../engine/ports/record-port.ts'
import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import { listRunSecrets } from '../redaction/known-secrets.ts'
import { redactRecording, redactRules } from '../redaction/redact-recording.ts'
import { buildRecordedRules, buildRecording } from './build-recording.ts'
import type { RecordedRules, Recording } from './recording.ts'

/**
 * Options of `recordInto`.
 *
 * @example
 * recordInto('recordings', { onWriteError: (error) => logger.error(error) })
 */
export interface RecordOptions {
  /** Called if a recording could not be written; the login is not affected. Default: a warning of the process. */
  readonly onWriteError?: (error: unknown) => void
}

/**
 * Writes each login to a new file in a folder, for `createEngine({ record })`. Secrets are replaced by placeholders.
 *
 * - File names sort by time. A file is complete, or does not exist.
 * - The rules are written once, as `rules-<hash>.json`.
 *
 * @throws {ClaimsmithError} INVALID_ARGUMENT if the folder cannot be created
 *
 * @example
 * createEngine({ rules, record: recordInto('recordings') })
 */
export function recordInto(folder: string, { onWriteError }: RecordOptions = {}): RecordPort {
  makeFolder(folder)
  const rulesWritten = new Set<string>()
  let count = 0

  return async (run) => {
    try {
      const { recording, rules } = toRecording(run)
      const { hash } = recording.rules
      const rulesFile = join(folder, `rules-${hash}.json`)
      if (!rulesWritten.has(hash) && !existsSync(rulesFile)) await writeAtomically(rulesFile, rules)
      rulesWritten.add(hash)
      const time = recording.at.replaceAll(/[-:.]/g, '')
      count = (count + 1) % 10_000
      const uniqueSuffix = `${String(count).padStart(4, '0')}-${randomBytes(3).toString('hex')}`
      await writeAtomically(join(folder, `${time}-${uniqueSuffix}-${recording.outcome.outcome}.json`), recording)
    } catch (error) {
      if (onWriteError === undefined) throw error
      onWriteError(error)
    }
  }
}

function toRecording(run: RecordedRun): { readonly recording: Recording; readonly rules: RecordedRules } {
  const knownSecrets = listRunSecrets(run)
  return {
    recording: redactRecording(buildRecording(run), knownSecrets),
    rules: redactRules(buildRecordedRules(run), knownSecrets),
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true })
  } catch (error) {
    const message = `recordings cannot be written to ${folder}: ${(error as Error).message}; give a folder that can be created`
    throw new ClaimsmithError('INVALID_ARGUMENT', message, { cause: error })
  }
}

/** Renames the file when it is complete, so that readers never see a part. Only its owner may read it: it holds a profile. */
async function writeAtomically(file: string, content: object): Promise<void> {
  const partial = `${file}.${randomBytes(3).toString('hex')}.part`
  try {
    await writeFile(partial, `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600, flag: 'wx' })
    await rename(partial, file)
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined)
    throw error
  }
}
