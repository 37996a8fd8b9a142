import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BuildPart, BuildPaths } from './build-part.ts'
import { readRecord } from './build-record.ts'

const noticesFile = 'THIRD-PARTY-NOTICES.txt'
const rule = `\n\n${'-'.repeat(80)}\n\n`

interface Manifest {
  readonly name: string
  readonly version: string
  readonly license?: unknown
  readonly author?: unknown
}

/**
 * Writes the licences of all packages that the parts in `target` hold code of. They are not installed with claimsmith.
 *
 * @throws {Error} if such a package has neither a licence file nor a licence in its manifest
 */
export function writeNotices(parts: readonly BuildPart[], { root, target }: BuildPaths): void {
  const inputs = parts.flatMap((part) => [...part.listInputs(root), ...(readRecord(part, target)?.foundInputs ?? [])])
  const folders = new Set(
    inputs.flatMap((path) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0] ?? []),
  )
  const notices = [...folders].map((folder) => describeLicense(join(root, folder))).toSorted()
  const head = 'dist/ holds code of these packages, under the licences below.'
  writeFileSync(join(target, noticesFile), `${[head, ...new Set(notices)].join(rule)}\n`)
}

function describeLicense(folder: string): string {
  const { name, version, license, author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file))
  if (files.length === 0 && typeof license !== 'string')
    throw new Error(`${name} ${version} is bundled, and has neither a licence file nor a licence in its package.json`)
  const texts = files.map((file) => readFileSync(join(folder, file), 'utf8').trim())
  const text =
    texts.length > 0 ? texts.join('\n\n') : `The package has no file of its licence. Author: ${formatAuthor(author)}.`
  return `${name} ${version}${typeof license === 'string' ? ` (${license})` : ''}\n\n${text}`
}

/** A manifest names the author as a text or an object. */
function formatAuthor(author: unknown): string {
  if (typeof author === 'string') return author
  const { name } = (author ?? {}) as { readonly name?: unknown }
  return typeof name === 'string' ? name : 'not named'
}
