import { actionCases } from './actions.ts'
import type { BatteryCase } from './battery-case.ts'
import { cpuCases } from './cpu.ts'
import { disclosureCases } from './disclosure.ts'
import { escapeCases } from './escape.ts'
import { faultCases } from './faults.ts'
import { floodCases } from './floods.ts'
import { keySetCases } from './key-sets.ts'
import { loadingCases } from './loading.ts'
import { lostWorkerCases } from './lost-workers.ts'
import { managementCases } from './management.ts'
import { memoryCases } from './memory.ts'
import { readingCases } from './reading.ts'
import { rebindingCases } from './rebinding.ts'
import { replacedCases } from './replaced.ts'
import { requestCases } from './requests.ts'
import { socketCases } from './sockets.ts'
import { tenancyCases } from './tenancy.ts'
import { tokenCases } from './tokens.ts'

/** Every case of the battery. */
export const batteryCases: readonly BatteryCase[] = [
  ...escapeCases,
  ...loadingCases,
  ...tenancyCases,
  ...cpuCases,
  ...memoryCases,
  ...readingCases,
  ...replacedCases,
  ...floodCases,
  ...actionCases,
  ...socketCases,
  ...requestCases,
  ...rebindingCases,
  ...tokenCases,
  ...keySetCases,
  ...managementCases,
  ...disclosureCases,
  ...lostWorkerCases,
  ...faultCases,
]
