import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Lists a folder's files and links to files by name, sorted, without hidden ones; empty if the folder is missing. */
export function listFiles(folder: string): readonly string[] {
  if (!isFolder(folder)) return []
  return readdirSync(folder)
    .filter((name) => !name.startsWith('.') && isFile(join(folder, name)))
    .toSorted()
}

export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

export function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
}
