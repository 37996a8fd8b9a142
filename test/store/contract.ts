import { clientCases } from './client-cases.ts'
import { connectionCases } from './connection-cases.ts'
import { importCases } from './import-cases.ts'
import { jobCases } from './job-cases.ts'
import { identityCases } from './identity-cases.ts'
import { keyCases } from './key-cases.ts'
import { loginCases } from './login-cases.ts'
import { loginLogCases } from './login-log-cases.ts'
import { passwordCases } from './password-cases.ts'
import { redirectCases } from './redirect-cases.ts'
import { refreshTokenCases } from './refresh-token-cases.ts'
import { signInCases } from './sign-in-cases.ts'
import { formCases } from './search/form-cases.ts'
import { pageCases } from './search/page-cases.ts'
import { refusalCases } from './search/refusal-cases.ts'
import { roleCases } from './role-cases.ts'
import { ruleCases } from './rule-cases.ts'
import type { StoreCases } from './store-case.ts'
import { userCases } from './user-cases.ts'
import { userUpdateCases } from './user-update-cases.ts'

/** What every store must do, whatever database is behind it. */
export const contract: StoreCases = {
  ...userCases,
  ...userUpdateCases,
  ...passwordCases,
  ...signInCases,
  ...clientCases,
  ...connectionCases,
  ...loginCases,
  ...refreshTokenCases,
  ...redirectCases,
  ...keyCases,
  ...formCases,
  ...pageCases,
  ...refusalCases,
  ...identityCases,
  ...roleCases,
  ...ruleCases,
  ...loginLogCases,
  ...importCases,
  ...jobCases,
}
