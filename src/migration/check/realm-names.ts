import { runInNewContext } from 'node:vm'

/** What the language itself offers, without what realms for rules do not have. */
const language = (runInNewContext('Object.getOwnPropertyNames(globalThis)') as string[]).filter(
  (name) =>
    !['WebAssembly', 'SharedArrayBuffer', 'Atomics', 'WeakRef', 'FinalizationRegistry', 'console'].includes(name),
)

/** Every name that rules find without anything having to be bundled for it. */
export const realmNames: ReadonlySet<string> = new Set([
  ...language,
  ...(
    'auth0 configuration global require arguments undefined console Buffer URL URLSearchParams structuredClone ' +
    'TextEncoder TextDecoder atob btoa AbortController AbortSignal fetch Headers Request Response Blob FormData ' +
    'setTimeout setInterval setImmediate clearTimeout clearInterval clearImmediate queueMicrotask ' +
    'UnauthorizedError ValidationError WrongUsernameOrPasswordError'
  ).split(' '),
])
