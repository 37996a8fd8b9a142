import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Our package's folder. */
export const packageRoot: string = fileURLToPath(new URL('../../..', import.meta.url))

/** Where the build puts prebuilt modules, below `dist`. */
export const prebuiltFiles = { index: 'guest-modules/index.json', code: 'guest-modules/code.txt' } as const

/** The modules that the build prepared for realms: Node's, ours, and the packages that rules need not install. */
export interface PrebuiltIndex {
  /** By the argument of `require`, the id of the file. */
  readonly names: Readonly<Record<string, string>>
  /** By id, where the text of the file begins and ends in the code, and what it requires: by argument, the id. */
  readonly files: Readonly<
    Record<string, readonly [start: number, end: number, requires: Readonly<Record<string, string>>]>
  >
  /** By name, the version of each package that rules need not install. */
  readonly versions: Readonly<Record<string, string>>
}

interface PrebuiltModules extends PrebuiltIndex {
  /** The files as bodies of functions, one after the other, in ASCII. */
  readonly code: Buffer
}

let loaded: PrebuiltModules | undefined

/** Reads the prebuilt modules, once per process. */
export function readPrebuiltModules(): PrebuiltModules {
  const read = (file: string): Buffer => readFileSync(join(packageRoot, 'dist', file))
  loaded ??= {
    ...(JSON.parse(read(prebuiltFiles.index).toString('latin1')) as PrebuiltIndex),
    code: read(prebuiltFiles.code),
  }
  return loaded
}
