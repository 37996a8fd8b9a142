import { buildPackage } from '../../scripts/build-package.ts'

/** Builds the package as `npm run build` does: some tests use it as an embedder does. */
export async function setup(): Promise<void> {
  await buildPackage()
}
