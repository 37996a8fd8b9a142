import { buildGuest } from '../scripts/build-guest.ts'

export async function setup(): Promise<void> {
  await buildGuest()
}
