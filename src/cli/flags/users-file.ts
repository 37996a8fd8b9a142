import { createReadStream, openSync, readSync, closeSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { streamArray } from 'stream-json/streamers/stream-array.js'
import { UsageError } from '../print/usage.ts'

/** A piece of a file of users: a value that may be a user, or the number of a line that is no JSON. */
export type UsersFilePiece = { readonly value: unknown } | { readonly badLine: number }

export interface UsersFile {
  readonly pieces: AsyncIterable<UsersFilePiece>
  readonly bytesRead: () => number
}

/** Whether a file holds a JSON array or one user a line. @throws {UsageError} when it cannot be read, or holds neither */
export function detectUsersFileFormat(path: string): 'array' | 'lines' {
  const first = readFirstCharacter(path)
  if (first === '[') return 'array'
  if (first === '{') return 'lines'
  throw new UsageError(`${path}: write an array of users, [{ … }, { … }], or one user a line, { … }`)
}

/** Reads a file of users piece by piece, whatever its size. The pieces of an array throw when it stops being JSON. */
export function openUsersFile(path: string): UsersFile {
  const format = detectUsersFileFormat(path)
  const source = createReadStream(path)
  const pieces = format === 'array' ? readElements(source) : readLines(source)
  return { pieces, bytesRead: () => source.bytesRead }
}

async function* readElements(source: ReturnType<typeof createReadStream>): AsyncGenerator<UsersFilePiece> {
  const parser = streamArray.withParserAsStream()
  source.once('error', (error) => parser.destroy(error))
  for await (const { value } of source.pipe(parser) as AsyncIterable<{ value: unknown }>) yield { value }
}

async function* readLines(source: ReturnType<typeof createReadStream>): AsyncGenerator<UsersFilePiece> {
  let number = 0
  for await (const line of createInterface({ input: source, crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1
    if (line.trim() !== '') yield parseLine(line.replace(/^\uFEFF/, ''), number)
  }
}

function parseLine(line: string, number: number): UsersFilePiece {
  try {
    return { value: JSON.parse(line) as unknown }
  } catch {
    return { badLine: number }
  }
}

/** The first character that is no space; a byte order mark is none. */
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
