import { runInNewContext } from 'node:vm'

/** The globals of the language, without those that a rule's realm does not have. */
const language = (runInNewContext('Object.getOwnPropertyNames(globalThis)') as string[]).filter(
  (name) =>
    !['WebAssembly', 'SharedArrayBuffer', 'Atomics', 'WeakRef', 'FinalizationRegistry', 'console'].includes(name),
)

/** The globals of a rule that need no bundled module. */
export const realmNames: ReadonlySet<string> = new Set([
  ...language,
  ...(
    'auth0 configuration global require arguments undefined console Buffer URL URLSearchParams structuredClone ' +
    'TextEncoder TextDecoder atob btoa AbortController AbortSignal fetch Headers Request Response Blob FormData ' +
    'setTimeout setInterval setImmediate clearTimeout clearInterval clearImmediate queueMicrotask ' +
    'UnauthorizedError ValidationError WrongUsernameOrPasswordError'
  ).split(' '),
])
