import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ClaimsmithError } from '../../errors/claimsmith-error.ts'
import { createValidator } from '../../profile/schema/create-validator.ts'
import type { RecordedRules, Recording } from './recording.ts'
import { recordedRulesSchema, recordingSchema } from './schema.ts'
import { readValue } from './encoded-values.ts'

const checkRecording = createValidator<Recording>(recordingSchema, 'The recording', 'INVALID_RECORDING')
const checkRules = createValidator<RecordedRules>(recordedRulesSchema, 'The file of rules', 'INVALID_RECORDING')

/**
 * Reads a recording from its file.
 *
 * @throws {ClaimsmithError} INVALID_RECORDING if it is not one; the message has the file and the field
 */
export function readRecording(file: string): Recording {
  return checkRecording(readJson(file), `The recording ${file}`)
}

/** Decodes the login of a recording, with its dates and shared objects. */
export function decodeRecordedLogin({ user, context, marks }: Recording): Pick<Recording, 'user' | 'context'> {
  const encoded = [{ user, context }, ...(marks === undefined ? [] : [marks])]
  return readValue(encoded) as Pick<Recording, 'user' | 'context'>
}

/**
 * Reads the rules that a recording was made with.
 *
 * @throws {ClaimsmithError} INVALID_RECORDING if they are not there or not valid; the message has the file and the field
 */
export function readRecordedRules(recordingFile: string, { rules }: Recording): RecordedRules {
  const file = join(dirname(recordingFile), `rules-${rules.hash}.json`)
  return checkRules(readJson(file), `The file of rules ${file}`)
}

function readJson(file: string): unknown {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    throw createRecordingError(`${file}: ${isMissing ? 'there is no such file' : 'the file cannot be read'}`)
  }
  try {
    return JSON.parse(text)
  } catch (error) {
    const reason = (error as Error).message.replaceAll(/\s+/g, ' ')
    throw createRecordingError(`${file}: the file is not valid JSON: ${reason}`)
  }
}

function createRecordingError(message: string): ClaimsmithError {
  return new ClaimsmithError('INVALID_RECORDING', message)
}
