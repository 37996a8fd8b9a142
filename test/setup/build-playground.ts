import { buildPlayground } from '../../scripts/build-playground.ts'

export async function setup(): Promise<void> {
  await buildPlayground()
}
