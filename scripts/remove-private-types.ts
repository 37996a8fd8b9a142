import { existsSync, globSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Removes from `folder` the declarations that no entry point of the package reaches: they are most of them. */
export function removePrivateTypes(root: string, folder: string): void {
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly exports: Readonly<Record<string, unknown>>
  }
  const entries = Object.values(exports).filter((path) => typeof path === 'string' && path.startsWith('./dist/'))
  const reached = new Set(entries.map((path) => join(folder, toDeclaration(String(path).slice('./dist/'.length)))))
  // A set also iterates over what is added meanwhile.
  for (const file of reached) {
    for (const specifier of listRelativeImports(readFileSync(file, 'utf8'))) {
      const imported = join(dirname(file), toDeclaration(specifier))
      if (existsSync(imported)) reached.add(imported)
    }
  }
  for (const file of globSync('**/*.d.ts', { cwd: folder })) {
    if (!reached.has(join(folder, file))) rmSync(join(folder, file))
  }
}

function listRelativeImports(source: string): string[] {
  const imports = source.matchAll(/(?:from|import)\s*\(?\s*['"](\.[^'"]+)['"]/g)
  return [...imports].map(([, specifier = '']) => specifier)
}

function toDeclaration(path: string): string {
  return path.replace(/(?:\.d)?\.[jt]s$/, '.d.ts')
}
