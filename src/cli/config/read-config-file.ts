import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { assertPath, labelPath } from '../flags/assert-path.ts'
import { readJsonObject } from '../flags/read-json.ts'
import { isFile } from '../../rules/folder/folder-files.ts'
import { UsageError } from '../usage-error.ts'

const names = ['claimsmith.config.json', 'claimsmith.config.js']

/** Finds the configuration file of a folder. @throws {UsageError} if there are two */
export function findConfigFile(folder: string): string | undefined {
  const [file, other] = names.map((name) => join(folder, name)).filter(isFile)
  if (other !== undefined) throw new UsageError(`${file} and ${other} are both there; keep one of them`)
  return file
}

/**
 * Reads a configuration file: a JSON object, or the default export of a module. `flag` names the file if the command line does.
 *
 * @throws {UsageError} if it is none
 */
export async function readConfigFile(file: string, flag?: string): Promise<Readonly<Record<string, unknown>>> {
  if (!/\.[cm]?js$/.test(file)) return readJsonObject(file, flag)
  assertPath('file', file, flag)
  const value = await importDefault(file, flag)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw new UsageError(`${labelPath(file, flag)}: the file exports no object; write export default { … }`)
}

async function importDefault(file: string, flag: string | undefined): Promise<unknown> {
  try {
    const module = (await import(pathToFileURL(resolve(file)).href)) as { readonly default?: unknown }
    return module.default
  } catch (error) {
    throw new UsageError(`${labelPath(file, flag)}: the file cannot be loaded: ${String(error)}`)
  }
}
