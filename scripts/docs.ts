import { readFileSync, writeFileSync } from 'node:fs'
import { buildLlmsText } from './docs/build-llms-text.ts'
import { fillTables } from './docs/fill-tables.ts'
import { listPages } from './docs/list-pages.ts'

/** Fills the generated tables of the pages, and writes `llms.txt`. A file that is up to date is not written. */
for (const file of listPages()) writeChanged(file, fillTables(readFileSync(file, 'utf8')))
writeChanged('llms.txt', buildLlmsText())

function writeChanged(file: string, text: string): void {
  if (readText(file) === text) return
  writeFileSync(file, text)
  process.stdout.write(`${file} is written\n`)
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
