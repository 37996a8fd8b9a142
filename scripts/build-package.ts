import { explorerPart } from './build-explorer.ts'
import { guestPart } from './build-guest.ts'
import { guestModulesPart } from './build-guest-modules.ts'
import { modulesPart } from './build-modules.ts'
import { playgroundPart } from './build-playground.ts'
import { buildSchemas } from './build-schemas.ts'
import { workerPart } from './build-worker.ts'
import { distFolder, rootFolder } from './checkout.ts'
import { updatePackage } from './update-package.ts'
import { writeNotices } from './write-notices.ts'

const parts = [modulesPart, guestPart, guestModulesPart, workerPart, explorerPart, playgroundPart]

/** Builds the whole package; resolves to the names of the parts that had changed. */
export async function buildPackage(target: string = distFolder): Promise<readonly string[]> {
  const built = await updatePackage(parts, { root: rootFolder, target }, (folder) =>
    writeNotices(parts, { root: rootFolder, target: folder }),
  )
  await buildSchemas()
  return built
}
