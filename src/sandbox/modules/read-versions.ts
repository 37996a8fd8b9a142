import { resolve } from 'node:path'
import type { BundleInputs } from './native-addons.ts'
import { packageSuccessors } from './module-catalogue.ts'
import { packageRoot } from './provided-packages.ts'
import { findPackageFolder, readPackageVersion } from './package-folder.ts'
import { parseSpecifier } from './specifier.ts'

/** Reads the version of each specifier's package, in the folder where the bundle found it. */
export function readVersions(entries: ReadonlyMap<string, string>, inputs: BundleInputs): Record<string, string> {
  return Object.fromEntries(
    [...entries].flatMap(([specifier, expression]) => {
      const name = parseSpecifier(specifier)?.name
      const folder = name === undefined ? undefined : findEntryPackage(name, expression, inputs)
      const version = folder === undefined ? undefined : readPackageVersion(folder)
      return version === undefined ? [] : [[specifier, version]]
    }),
  )
}

/** The last `require` of an expression is the module; those before it are wrappers of ours. */
function findEntryPackage(name: string, expression: string, inputs: BundleInputs): string | undefined {
  const required = [...expression.matchAll(/require\((['"])(.+?)\1\)/g)].at(-1)?.[2]
  const path = findImport('<stdin>', required, inputs)
  const folder = path === undefined ? undefined : findPackageFolder(path)
  if (path === undefined || folder === undefined || resolve(folder) !== resolve(packageRoot)) return folder
  // A file of ours replaces the package, and may import its successor.
  const successor = findImport(path, packageSuccessors[name], inputs)
  return successor === undefined ? undefined : findPackageFolder(successor)
}

function findImport(importer: string, specifier: string | undefined, inputs: BundleInputs): string | undefined {
  const importedFile = inputs[importer]?.imports.find(({ original }) => original === specifier)
  return importedFile?.external === true ? undefined : importedFile?.path
}
