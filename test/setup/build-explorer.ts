import { buildExplorer } from '../../scripts/build-explorer.ts'

export async function setup(): Promise<void> {
  await buildExplorer()
}
