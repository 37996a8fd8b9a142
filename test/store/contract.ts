import { clientCases } from './client-cases.ts'
import { keyCases } from './key-cases.ts'
import { loginCases } from './login-cases.ts'
import { passwordCases } from './password-cases.ts'
import { refreshTokenCases } from './refresh-token-cases.ts'
import type { StoreCases } from './store-case.ts'
import { userCases } from './user-cases.ts'
import { userUpdateCases } from './user-update-cases.ts'

/** What every store must do, whatever database is behind it. */
export const contract: StoreCases = {
  ...userCases,
  ...userUpdateCases,
  ...passwordCases,
  ...clientCases,
  ...loginCases,
  ...refreshTokenCases,
  ...keyCases,
}
