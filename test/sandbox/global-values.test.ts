import { describeGlobalValues } from './global-values-cases.ts'

describeGlobalValues('hardened')
