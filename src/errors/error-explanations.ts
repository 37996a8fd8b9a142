import type { ErrorCode } from './codes.ts'

/** What an error code means to the reader of a log. */
export interface ErrorExplanation {
  readonly cause: string
  readonly cure: string
}

/** The cause and the cure of each code, as the documentation shows them. A new code does not compile until it has both. */
export const errorExplanations = {
  RULE_SYNTAX: {
    cause: 'The text is not a rule and not an action, or the action lacks the handler that is to be called.',
    cure: 'Go to the file, line and column of the message. A rule is one function, an action exports a handler.',
  },
  RULE_THREW: {
    cause: 'The rule threw an error, or a promise was rejected.',
    cure: 'Read the message and its line. Pass errors that are expected to the callback.',
  },
  RULE_TIMEOUT: {
    cause: 'The rule, or all rules of the login, took longer than `wallPerRuleMs` or `wallPerLoginMs`.',
    cure: 'Look for the slow request in the trace. Set a shorter timeout on requests, or a higher limit.',
  },
  RULE_CPU: {
    cause: 'The rule, or all rules of the login, computed longer than `cpuPerRuleMs` or `cpuPerLoginMs`.',
    cure: 'Look for a loop without an end, or a regular expression that backtracks. Raise the limit if the work is needed.',
  },
  RULE_MEMORY: {
    cause: 'The ruleset used more than `isolateHeapMb`, or its worker more than `workerRssMb`.',
    cure: 'Keep less on `global`. Raise the limit if the data is needed.',
  },
  RULE_OUTPUT: {
    cause: 'The rule left something on `user` or `context` that is not plain data, is too deep or is too large.',
    cure: 'Put only plain objects, arrays, texts, numbers, booleans and dates there. The message names the path.',
  },
  RULE_NO_CALLBACK: {
    cause: 'The rule waits for nothing and has not called back, or the promise of an action is never settled.',
    cure: 'Call the callback on every path, also after an error.',
  },
  MODULE_NOT_FOUND: {
    cause: 'The rule requires a module that is not installed where rules look for it.',
    cure: 'Install it beside the rules, or in the folder that `modulesFolder` (`--modules`) names. Write its name as a literal.',
  },
  MODULE_REFUSED: {
    cause: 'The rule requires a module that cannot run in the sandbox: files, processes, servers, machine code.',
    cure: 'The message names an alternative: another package, `fetch`, or a host module.',
  },
  NETWORK_REFUSED: {
    cause: 'The rule called an address that it may not reach: a private one, or a port of another protocol.',
    cure: 'Allow the host and port with `network: { allow }` or `--allow-network`.',
  },
  LIMIT_EXCEEDED: {
    cause: 'The rule made more requests, calls, timers or bytes than a limit allows.',
    cure: 'The message names the number. Make fewer calls, or raise the limit.',
  },
  WORKER_LOST: {
    cause: 'The worker process was lost after the rules had called out, or was lost each time the rules ran.',
    cure: 'The rules were not run again, because a call would have been made twice. Let the user log in again, and look for what kills the process.',
  },
  INVALID_ARGUMENT: {
    cause: 'An option or an argument is unknown, has another type, or is out of its range.',
    cure: 'The message says where, what was given, and what would be right.',
  },
  INVALID_LOGIN: {
    cause: '`user` or `context` of a login is not plain data, is too deep or is too large.',
    cure: 'Pass plain objects. The message names the path.',
  },
  INVALID_OVERLAY: {
    cause: 'An expression of an overlay is not valid.',
    cure: 'Use paths, `||`, `??` and text literals only.',
  },
  INVALID_QUERY: {
    cause: 'A search for users is malformed, too long, or names an attribute that cannot be searched.',
    cure: 'The message says which part, and at which offset.',
  },
  INVALID_RECORDING: {
    cause: 'A file is not a recording of a login, or its rules are missing.',
    cure: 'Give a file that `--record` or `recordInto` has written, and keep the `rules-….json` files beside it.',
  },
  INVALID_RULESET: {
    cause: 'The folder or array of rules cannot be read: no such folder, two rules with one name, a wrong JSON file.',
    cure: 'The message names the file and the field.',
  },
  INVALID_STATE: {
    cause: 'A suspended login cannot be resumed: its state is unknown, used, expired, or belongs to another login.',
    cure: 'Let the user log in again. A state works once, for three days.',
  },
  INVALID_TOKEN: {
    cause: 'A token is expired, is for another audience, or has a wrong signature.',
    cure: 'Get a new token. `details.reason` says what was wrong.',
  },
  INVALID_KEY: {
    cause: 'A signing key is not a private JWK for RS256, ES256 or EdDSA, or two keys share a `kid`.',
    cure: 'Give private keys with a `kid` each.',
  },
  TOKEN_TOO_LARGE: {
    cause: 'The claims that rules set make a token larger than 100,000 bytes.',
    cure: 'Put less into `context.idToken` and `context.accessToken`. /userinfo has no such limit.',
  },
  ENGINE_CLOSED: {
    cause: 'The engine was used after `close()`.',
    cure: 'Create another engine.',
  },
  PACKAGE_MISSING: {
    cause: 'Something needs a package that is not installed: an optional peer, such as `pg` for a store on PostgreSQL.',
    cure: 'Run the `npm install` of the message.',
  },
  SEARCH_TIMEOUT: {
    cause: 'A search for users took more than two seconds.',
    cure: 'Search for a more specific value.',
  },
  STORE_CONFLICT: {
    cause: 'Something with the same unique value exists, or was changed or deleted at the same time.',
    cure: '`details.field` names the value. Read the current state, and try again.',
  },
  STORE_FAILED: {
    cause: 'The database cannot be opened, a migration failed, or the store is closed.',
    cure: 'The message says which. `error.cause` holds the error of the driver.',
  },
  SANDBOX_FAILED: {
    cause:
      'No worker process can be started: isolated-vm is missing, has no binary for this Node.js, one of them has a known hole, or the system refuses processes.',
    cure: 'Run `npm install` and `npm rebuild isolated-vm` with the Node.js that runs the engine. `error.cause` holds what the process printed.',
  },
  UNSUPPORTED_NODE: {
    cause: 'claimsmith does not support this release of Node.js: it is too old, or has a known hole in the sandbox.',
    cure: 'Use one of the releases that the message names.',
  },
} as const satisfies Readonly<Record<ErrorCode, ErrorExplanation>>
