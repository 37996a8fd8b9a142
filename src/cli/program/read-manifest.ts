import { readFileSync } from 'node:fs'

/** What claimsmith's own package.json says of itself. */
export interface Manifest {
  readonly version: string
  readonly devDependencies: Readonly<Record<string, string>>
}

/** Reads claimsmith's own package.json. */
export function readManifest(): Manifest {
  return JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as Manifest
}
