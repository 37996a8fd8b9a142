import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { METHODS, STATUS_CODES } from 'node:http'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { constants } from 'node:zlib'
import { type Metafile, build, transform } from 'esbuild'
import {
  nodeModules,
  ownModules,
  packageShims,
  packageSuccessors,
  providedPackages,
  unsupportedNodeModules,
} from '../src/sandbox/modules/module-catalogue.ts'
import { addToFile, fileAdditions, minifiedCopies } from '../src/sandbox/modules/login-state.ts'
import { listScopeModules, moduleTransform } from '../src/sandbox/modules/module-transform.ts'
import { type PrebuiltIndex, prebuiltFiles } from '../src/sandbox/modules/prebuilt-modules.ts'
import type { BuildPart } from './build-part.ts'
import { distFolder, listCommonInputs, rootFolder } from './checkout.ts'
import { shareFunctions } from './share-functions.ts'
import { updatePart } from './update-part.ts'

type Inputs = Metafile['inputs']

/** With the constants that our versions of Node's modules need. */
const options = {
  ...moduleTransform,
  define: {
    ...moduleTransform.define,
    __claimsmithHttp: JSON.stringify({ METHODS, STATUS_CODES }),
    __claimsmithZlib: JSON.stringify(constants),
  },
}

/** By the name that rules and modules require, the file in `src/sandbox` or the specifier of a package that implements it. */
const fixedNames: Readonly<Record<string, string>> = {
  ...Object.fromEntries(unsupportedNodeModules.map((name) => [name, toFile('guest/node/refused.cjs')])),
  ...Object.fromEntries(
    Object.entries(nodeModules).map(([name, target]) => [
      name,
      'file' in target ? toFile(target.file) : target.package,
    ]),
  ),
  ...Object.fromEntries(Object.entries(packageShims).map(([name, file]) => [name, toFile(file)])),
  ...Object.fromEntries(
    Object.entries(ownModules).map(([name, target]) => [
      `claimsmith:${name}`,
      'file' in target ? toFile(target.file) : target.package,
    ]),
  ),
}

/**
 * The modules that rules can require without installing anything, file by file, for the linker of a ruleset's modules.
 *
 * Every file of a provided package is there, because rules may require any of them: `lodash/fp`.
 */
export const guestModulesPart: BuildPart = {
  name: 'guest-modules',
  listInputs: (root) => [
    ...listCommonInputs(root),
    ...globSync('src/sandbox/modules/{login-state,module-catalogue,module-transform,prebuilt-modules}.ts', {
      cwd: root,
    }),
  ],
  async write(root, folder) {
    const names = [...Object.keys(fixedNames), ...providedPackages.flatMap((name) => listSpecifiers(root, name))]
    const inputs = await findFiles(root, names)
    const paths = Object.keys(inputs).filter((path) => path !== '<stdin>' && !isReplaced(path))
    const missing = fileAdditions.filter(({ file }) => !paths.some((path) => toId(path) === file))
    if (missing.length > 0) throw new Error(`no file ${missing[0]?.file}: its state would not be reset`)
    const texts = await transformFiles(root, paths)
    const index = createIndex(root, inputs, texts)
    mkdirSync(dirname(join(folder, prebuiltFiles.index)), { recursive: true })
    writeFileSync(join(folder, prebuiltFiles.index), JSON.stringify(index))
    writeFileSync(join(folder, prebuiltFiles.code), [...texts.values()].join(''))
    return [...texts.keys()]
  },
}

/** Builds the modules for realms if an input has changed. */
export async function buildGuestModules(target: string = distFolder): Promise<void> {
  await updatePart(guestModulesPart, { root: rootFolder, target })
}

function toFile(name: string): string {
  return `./src/sandbox/${name}`
}

/** Lists what rules can require of a package: itself, and each file that its `exports` do not hide, also without its extension. */
function listSpecifiers(root: string, name: string): string[] {
  const { resolve } = createRequire(join(root, 'package.json'))
  const files = globSync('**/*.{js,cjs,json}', {
    cwd: join(root, 'node_modules', name),
    // The files `_x` of lodash are its own business, and some hold state.
    exclude: ['node_modules', 'test.js', 'bower.json', '**/_[a-z]*'],
  })
  const specifiers = files.flatMap((file) => {
    const path = `${name}/${file.replace(/\.\w+$/, '')}`
    return [`${name}/${file}`, path, path.replace(/\/index$/, '')]
  })
  return [name, ...new Set(specifiers)].filter((specifier) => {
    try {
      return resolve(specifier) !== undefined
    } catch {
      return false
    }
  })
}

/** Resolves the names, and all that their files require, as esbuild does in a bundle. */
async function findFiles(root: string, names: readonly string[]): Promise<Inputs> {
  const aliases = Object.entries(fixedNames).flatMap(([name, target]) => {
    const file = target.startsWith('./')
      ? join(root, target)
      : createRequire(join(root, 'package.json')).resolve(target)
    return name.startsWith('claimsmith:') || name in packageShims
      ? [[name, file]]
      : [
          [name, file],
          [`node:${name}`, file],
        ]
  })
  const { metafile } = await build({
    ...moduleTransform,
    absWorkingDir: root,
    stdin: { contents: names.map((name) => `require(${JSON.stringify(name)})`).join('\n'), resolveDir: root },
    bundle: true,
    write: false,
    metafile: true,
    format: 'cjs',
    platform: 'node',
    alias: { ...packageSuccessors, ...Object.fromEntries(aliases) },
    external: ['pg-native'],
  })
  return metafile.inputs
}

/**
 * By path, the text of each file as the body of a CommonJS module.
 *
 * As a text without a package, an ES module takes the default export of a module that was one, too, and not all its exports.
 */
async function transformFiles(root: string, paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const texts = await Promise.all(
    paths.map(async (path) => {
      const source = readFileSync(join(root, path), 'utf8')
      const loader = path.endsWith('.ts') ? 'ts' : path.endsWith('.json') ? 'json' : 'js'
      const { code } = await transform(addToFile(toId(path), source), {
        ...options,
        loader,
        format: 'cjs',
        charset: 'ascii',
      })
      return [path, loader === 'json' ? code : shareFunctions(code)] as const
    }),
  )
  return new Map(texts)
}

function createIndex(root: string, inputs: Inputs, texts: ReadonlyMap<string, string>): PrebuiltIndex {
  const names = mapImports(inputs, '<stdin>')
  let end = 0
  const files = [...texts].map(([path, text]) => {
    const start = end
    end += text.length
    const scopeModules = listScopeModules(text).map((name) => [name, names[name] ?? ''])
    return [toId(path), [start, end, { ...mapImports(inputs, path), ...Object.fromEntries(scopeModules) }]] as const
  })
  const versions = providedPackages.map((name) => [name, readManifest(root, name).version])
  return {
    names,
    files: Object.fromEntries(files),
    versions: Object.fromEntries(versions),
  }
}

/** By the argument of `require` in a file, the id of what it gets. */
function mapImports(inputs: Inputs, path: string): Record<string, string> {
  const imports = inputs[path]?.imports ?? []
  return Object.fromEntries(
    imports.filter(({ external }) => external !== true).map((one) => [one.original ?? one.path, toId(one.path)]),
  )
}

/** Of a checkout whose packages are a link, paths lead out of it. */
const packagesPrefix = /^(?:\.\.\/.*?)?node_modules\//

function toId(path: string): string {
  const id = path.replace(packagesPrefix, '').replace(/^src\/sandbox\//, 'claimsmith/')
  return minifiedCopies[id] ?? id
}

/** Whether another file takes the place of this one. */
function isReplaced(path: string): boolean {
  return Object.hasOwn(minifiedCopies, path.replace(packagesPrefix, ''))
}

function readManifest(root: string, name: string): { readonly version: string } {
  return JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')) as { version: string }
}
