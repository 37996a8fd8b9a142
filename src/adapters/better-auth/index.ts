import '../../errors/assert-node-version.ts'
export { createBetterAuthRules } from './better-auth-rules.ts'
export type { BetterAuthRules, BetterAuthRulesOptions } from './better-auth-rules.ts'
export type { LoginMemory, ProviderLogin } from '../oidc-provider/login-memory.ts'
