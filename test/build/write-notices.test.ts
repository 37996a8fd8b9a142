import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { BuildPart } from '../../scripts/build-part.ts'
import { updatePackage } from '../../scripts/update-package.ts'
import { writeNotices } from '../../scripts/write-notices.ts'
import { temporaryFolder } from '../rules/temporary-folder.ts'

/** Builds a package of one part, which holds code of these packages; each is given by its files. */
async function buildWith(packages: Readonly<Record<string, Readonly<Record<string, string>>>>): Promise<string> {
  const root = temporaryFolder({ source: '' })
  for (const [folder, files] of Object.entries(packages)) {
    mkdirSync(join(root, folder), { recursive: true })
    for (const [name, text] of Object.entries(files)) writeFileSync(join(root, folder, name), text)
  }
  const part: BuildPart = {
    name: 'code',
    listInputs: () => ['source'],
    async write(_root, folder) {
      writeFileSync(join(folder, 'main'), '')
      return ['source', ...Object.keys(packages).map((name) => `${name}/index.js`)]
    },
  }
  const target = join(root, 'dist')
  await updatePackage([part], { root, target }, (folder) => writeNotices([part], { root, target: folder }))
  return readFileSync(join(target, 'THIRD-PARTY-NOTICES.txt'), 'utf8')
}

test('the notices name each package whose code is bundled, with its version and the text of its licence', async () => {
  const notices = await buildWith({
    'node_modules/a': { 'package.json': '{"name":"a","version":"1.0.0","license":"MIT"}', LICENSE: 'the text of a' },
    'node_modules/@b/c': { 'package.json': '{"name":"@b/c","version":"2.0.0","license":"ISC"}', 'LICENCE.md': 'of c' },
    'node_modules/a/node_modules/d': {
      'package.json': '{"name":"d","version":"3.0.0","license":"MIT","author":{"name":"D"}}',
    },
  })
  for (const text of ['a 1.0.0 (MIT)\n\nthe text of a', '@b/c 2.0.0 (ISC)\n\nof c', 'd 3.0.0 (MIT)', 'Author: D.'])
    expect(notices).toContain(text)
})

test('the build fails if a bundled package says nothing of its licence', async () => {
  await expect(
    buildWith({ 'node_modules/a': { 'package.json': '{"name":"a","version":"1.0.0"}', 'index.js': '' } }),
  ).rejects.toThrow('a 1.0.0 is bundled, and has neither a licence file nor a licence in its package.json')
})
