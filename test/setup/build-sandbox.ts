import { buildGuest } from '../../scripts/build-guest.ts'
import { buildGuestModules } from '../../scripts/build-guest-modules.ts'
import { buildWorker } from '../../scripts/build-worker.ts'

/** Bundles the worker process and what runs in its isolates: the sources start them from `dist`, too. */
export async function setup(): Promise<void> {
  await Promise.all([buildGuest(), buildGuestModules(), buildWorker()])
}
