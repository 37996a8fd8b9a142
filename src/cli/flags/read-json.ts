import { readFileSync } from 'node:fs'
import { UsageError } from '../usage-error.ts'
import { assertPath, labelPath } from './assert-path.ts'

/** Reads an object from a JSON file, which `flag` names if the command line does. @throws {UsageError} if it is none */
export function readJsonObject(path: string, flag?: string): Record<string, unknown> {
  assertPath('file', path, flag)
  const value = parseJson(readText(path, flag), path, flag)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UsageError(`${labelPath(path, flag)}: the file holds no JSON object; write { … }`)
  }
  return value as Record<string, unknown>
}

function readText(path: string, flag: string | undefined): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new UsageError(`${labelPath(path, flag)}: the file cannot be read: ${(error as Error).message}`)
  }
}

function parseJson(text: string, path: string, flag: string | undefined): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    const reason = (error as Error).message.replaceAll(/\s+/g, ' ')
    throw new UsageError(`${labelPath(path, flag)}: the file is not valid JSON: ${reason}`)
  }
}

/** Reads an object whose values are all strings. @throws {UsageError} if it is none */
export function readTexts(path: string, flag: string): Record<string, string> {
  const object = readJsonObject(path, flag)
  const wrongKey = Object.keys(object).find((key) => typeof object[key] !== 'string')
  if (wrongKey !== undefined)
    throw new UsageError(`${labelPath(path, flag)}: ${wrongKey} is not a string; write { "${wrongKey}": "…" }`)
  return object as Record<string, string>
}
