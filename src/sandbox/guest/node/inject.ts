/** The globals of modules, which the bundler injects. */
export { process } from './process.ts'
export { crypto } from './webcrypto.ts'
export { performance } from './perf-hooks.ts'
