import { buildPackage } from './build-package.ts'

try {
  const built = await buildPackage()
  console.log(built.length === 0 ? 'dist is up to date' : `dist: built ${built.join(', ')}`)
} catch (error) {
  console.error(`The build failed, and dist is as it was: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
}
