/** What modules find without requiring it. */
export { process } from './process.ts'
export { crypto } from './webcrypto.ts'
export { performance } from './perf-hooks.ts'
