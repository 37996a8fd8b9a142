import type { BundleInputs } from './native-addons.ts'
import { findPackageFolder, readPackageVersion } from './package-folder.ts'
import { listRequired } from './link-modules.ts'
import { parseSpecifier } from './specifier.ts'

/** Reads the version of each specifier's package, in the folder where the bundle found it. */
export function readVersions(entries: ReadonlyMap<string, string>, inputs: BundleInputs): Record<string, string> {
  return Object.fromEntries(
    [...entries].flatMap(([specifier, expression]) => {
      const folder = parseSpecifier(specifier) === undefined ? undefined : findEntryPackage(expression, inputs)
      const version = folder === undefined ? undefined : readPackageVersion(folder)
      return version === undefined ? [] : [[specifier, version]]
    }),
  )
}

/** The last `require` of an expression is the module; those before it are wrappers of ours. */
function findEntryPackage(expression: string, inputs: BundleInputs): string | undefined {
  const required = listRequired(expression).at(-1)
  const imported = inputs['<stdin>']?.imports.find(({ original }) => original === required)
  return imported === undefined || imported.external === true ? undefined : findPackageFolder(imported.path)
}
