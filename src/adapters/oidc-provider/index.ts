import '../../errors/assert-node-version.ts'
export { createProviderRules } from './provider-rules.ts'
export type { ProviderRules, ProviderRulesOptions } from './provider-rules.ts'
export type { LoginMemory, ProviderLogin } from './login-memory.ts'
