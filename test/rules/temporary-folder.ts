import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, onTestFinished } from 'vitest'

/** Writes files into a folder that is gone when the test is over; what is no string is written as JSON. */
export function temporaryFolder(files: Readonly<Record<string, unknown>>): string {
  return folderUntil(onTestFinished, files)
}

/** The same for all tests of a file. */
export function folderForTests(files: Readonly<Record<string, unknown>>): string {
  return folderUntil(afterAll, files)
}

function folderUntil(end: (remove: () => void) => void, files: Readonly<Record<string, unknown>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'claimsmith-'))
  end(() => rmSync(folder, { recursive: true }))
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content))
  }
  return folder
}
