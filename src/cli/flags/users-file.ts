import { createReadStream, openSync, readSync, closeSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { streamArray } from 'stream-json/streamers/stream-array.js'
import { UsageError } from '../usage-error.ts'

/** An entry of a file of users: a value that may be a user, or the number of a line that is not JSON. */
export type UsersFileEntry = { readonly value: unknown } | { readonly badLine: number }

export interface UsersFile {
  readonly entries: AsyncIterable<UsersFileEntry>
  readonly countBytesRead: () => number
}

/** Tells a JSON array from one user per line. @throws {UsageError} if the file cannot be read, or is neither */
export function detectUsersFileFormat(path: string): 'array' | 'lines' {
  const first = readFirstCharacter(path)
  if (first === '[') return 'array'
  if (first === '{') return 'lines'
  throw new UsageError(`${path}: write an array of users, [{ … }, { … }], or one user per line, { … }`)
}

/** Streams a file of users of any size. Iterating over an array throws at the first text that is not JSON. */
export function openUsersFile(path: string): UsersFile {
  const format = detectUsersFileFormat(path)
  const source = createReadStream(path)
  const entries = format === 'array' ? readElements(source) : readLines(source)
  return { entries, countBytesRead: () => source.bytesRead }
}

async function* readElements(source: ReturnType<typeof createReadStream>): AsyncGenerator<UsersFileEntry> {
  const parser = streamArray.withParserAsStream()
  source.once('error', (error) => parser.destroy(error))
  for await (const { value } of source.pipe(parser) as AsyncIterable<{ value: unknown }>) yield { value }
}

async function* readLines(source: ReturnType<typeof createReadStream>): AsyncGenerator<UsersFileEntry> {
  let number = 0
  for await (const line of createInterface({ input: source, crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1
    if (line.trim() !== '') yield parseLine(line.replace(/^\uFEFF/, ''), number)
  }
}

function parseLine(line: string, number: number): UsersFileEntry {
  try {
    return { value: JSON.parse(line) as unknown }
  } catch {
    return { badLine: number }
  }
}

/** Skips white space and a byte order mark. */
function readFirstCharacter(path: string): string | undefined {
  const buffer = Buffer.alloc(4096)
  try {
    const file = openSync(path, 'r')
    try {
      const length = readSync(file, buffer)
      return buffer
        .toString('utf8', 0, length)
        .replace(/^\uFEFF/, '')
        .trimStart()[0]
    } finally {
      closeSync(file)
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new UsageError(`${path}: ${code === 'ENOENT' ? 'there is no such file' : 'the file cannot be read'}`)
  }
}
