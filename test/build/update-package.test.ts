import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { BuildPart, BuildPaths } from '../../scripts/build-part.ts'
import { updatePackage } from '../../scripts/update-package.ts'
import { updatePart } from '../../scripts/update-part.ts'
import { temporaryFolder } from '../rules/temporary-folder.ts'

/** A project of two sources; each is a part that is built by copying it, and the page also reads `style`. */
function project(): BuildPaths & { readonly write: (path: string, text: string) => void } {
  const root = temporaryFolder({ code: 'code 1', page: 'page 1', style: 'style 1' })
  return { root, target: join(root, 'dist'), write: (path, text) => writeFileSync(join(root, path), text) }
}

function copying(name: string, before?: (root: string) => void): BuildPart {
  return {
    name,
    listInputs: () => [name],
    async write(root, folder) {
      before?.(root)
      mkdirSync(join(folder, name))
      writeFileSync(join(folder, name, 'main'), readFileSync(join(root, name)))
      return name === 'page' ? ['style'] : []
    },
  }
}

const code = copying('code')
const page = copying('page')
const failing = copying('code', () => {
  throw new Error('no code today')
})

function contentOf({ target }: BuildPaths, path: string): string {
  return readFileSync(join(target, path), 'utf8')
}

/** The drafts that are left beside the target. */
function draftsOf({ root }: BuildPaths): string[] {
  return readdirSync(join(root, '.build'))
}

describe('a build of the package', () => {
  test('builds every part, and nothing while nothing changes', async () => {
    const paths = project()
    expect(await updatePackage([code, page], paths)).toEqual(['code', 'page'])
    expect([contentOf(paths, 'code/main'), contentOf(paths, 'page/main')]).toEqual(['code 1', 'page 1'])
    const { ino } = statSync(paths.target)
    expect(await updatePackage([code, page], paths)).toEqual([])
    expect(statSync(paths.target).ino).toBe(ino)
  })

  test.each([
    ['code', 'code'],
    ['page', 'page'],
    ['style', 'page'],
  ])('when %s changes, builds %s and takes over the rest', async (source, part) => {
    const paths = project()
    await updatePackage([code, page], paths)
    paths.write(source, 'new')
    expect(await updatePackage([code, page], paths)).toEqual([part])
    expect(readdirSync(paths.target).toSorted()).toEqual(['.fingerprints', 'code', 'page'])
    expect(await updatePackage([code, page], paths)).toEqual([])
  })

  test('keeps the times and the mode of what it takes over', async () => {
    const paths = project()
    await updatePackage([code, page], paths)
    const file = join(paths.target, 'code/main')
    chmodSync(file, 0o755)
    utimesSync(file, 1_000, 1_000)
    paths.write('page', 'page 2')
    await updatePackage([code, page], paths)
    expect(statSync(file)).toMatchObject({ mtimeMs: 1_000_000, mode: 0o100_755 })
  })

  test('builds a part again if one of its files is gone', async () => {
    const paths = project()
    await updatePackage([code, page], paths)
    rmSync(join(paths.target, 'page/main'))
    expect(await updatePackage([code, page], paths)).toEqual(['page'])
    expect(contentOf(paths, 'page/main')).toBe('page 1')
  })

  test('leaves the old files in place while it builds', async () => {
    const paths = project()
    await updatePackage([code, page], paths)
    paths.write('code', 'code 2')
    let seen: string | undefined
    const watching = copying('code', () => {
      seen = contentOf(paths, 'code/main')
    })
    await updatePackage([watching, page], paths)
    expect([seen, contentOf(paths, 'code/main')]).toEqual(['code 1', 'code 2'])
  })

  test('that fails leaves everything as it was, and no draft', async () => {
    const paths = project()
    await updatePackage([code, page], paths)
    paths.write('code', 'code 2')
    paths.write('page', 'page 2')
    await expect(updatePackage([failing, page], paths)).rejects.toThrow('no code today')
    expect([contentOf(paths, 'code/main'), contentOf(paths, 'page/main')]).toEqual(['code 1', 'page 1'])
    expect(draftsOf(paths)).toEqual([])
  })

  test.each([
    ['changed', 5],
    ['was replaced by an older file', -5_000],
  ])('is made again if a source %s meanwhile', async (_what, afterSeconds) => {
    const paths = project()
    const slow = copying('code', (root) => {
      writeFileSync(join(root, 'code'), 'code 2')
      const seconds = Date.now() / 1_000 + afterSeconds
      utimesSync(join(root, 'code'), seconds, seconds)
    })
    await updatePackage([slow, page], paths)
    expect(await updatePackage([code, page], paths)).toEqual(['code'])
  })

  test('is made again if its record was cut short', async () => {
    const paths = project()
    await updatePackage([code, page], paths)
    writeFileSync(join(paths.target, '.fingerprints/code.json'), '{"finger')
    expect(await updatePackage([code, page], paths)).toEqual(['code'])
    expect(await updatePackage([code, page], paths)).toEqual([])
  })

  test('does not disturb another one', async () => {
    const paths = project()
    await Promise.all(Array.from({ length: 4 }, () => updatePackage([code, page], paths)))
    expect([contentOf(paths, 'code/main'), contentOf(paths, 'page/main')]).toEqual(['code 1', 'page 1'])
    expect(await updatePackage([code, page], paths)).toEqual([])
    expect(draftsOf(paths)).toEqual([])
  })

  test('removes the draft of a build that was killed, and leaves that of one that runs', async () => {
    const paths = project()
    const { pid: endedPid } = spawnSync(process.execPath, ['--version'])
    for (const pid of [endedPid, process.ppid]) mkdirSync(join(paths.root, '.build', `${pid}-x`), { recursive: true })
    await updatePackage([code], paths)
    expect(draftsOf(paths)).toEqual([`${process.ppid}-x`])
  })
})

describe('a build of one part', () => {
  test('says whether there was anything to do, and leaves the other parts alone', async () => {
    const paths = project()
    await updatePackage([code, page], paths)
    paths.write('code', 'code 2')
    paths.write('page', 'page 2')
    expect([await updatePart(code, paths), await updatePart(code, paths)]).toEqual([true, false])
    expect([contentOf(paths, 'code/main'), contentOf(paths, 'page/main')]).toEqual(['code 2', 'page 1'])
    expect(await updatePackage([code, page], paths)).toEqual(['page'])
  })

  test('replaces a file under who has it open, who keeps the old one', async () => {
    const paths = project()
    await updatePart(code, paths)
    const open = openSync(join(paths.target, 'code/main'), 'r')
    paths.write('code', 'code 2')
    await updatePart(code, paths)
    expect([readFileSync(open, 'utf8'), contentOf(paths, 'code/main')]).toEqual(['code 1', 'code 2'])
    closeSync(open)
  })

  test('removes the files that it no longer makes', async () => {
    const paths = project()
    const former: BuildPart = {
      ...code,
      async write(root, folder) {
        writeFileSync(join(folder, 'former'), '')
        return await code.write(root, folder)
      },
    }
    await updatePart(former, paths)
    paths.write('code', 'code 2')
    await updatePart(code, paths)
    expect(existsSync(join(paths.target, 'former'))).toBe(false)
  })

  test('beside builds of the package, ends with the whole package in place', async () => {
    const paths = project()
    await Promise.all([updatePackage([code, page], paths), updatePart(code, paths), updatePackage([code, page], paths)])
    expect(await updatePackage([code, page], paths)).toEqual([])
  })
})
