/**
 * The globals of a rule, for `// @ts-check`.
 *
 * A rule file names them with `/// <reference types="claimsmith/rules" />`; a folder of rules names them once, with
 * `"types": ["claimsmith/rules", "node"]` in its tsconfig.json, in this order. `skipLibCheck` must be on, and `dom` must not be in `lib`: both
 * declare `crypto`, `global` or `process` otherwise than rules have them.
 *
 * What rules share with Node.js (`Buffer`, `console`, `fetch`, `require`, timers, `URL`) comes from `@types/node`.
 */

/* oxlint-disable typescript/no-explicit-any -- the types of these modules are not ours to declare */
/* oxlint-disable typescript/consistent-type-imports -- an import would make this a module, whose names are not global */

/** The ruleset's configuration: `configuration.json`, or the engine's option. */
declare const configuration: Readonly<Record<string, string>>

/** Auth0's object for rules: two updates of a user, and the tenant. */
declare const auth0: {
  readonly users: {
    /** Merges a patch into `user_metadata`, first level only; `null` deletes a key. */
    updateUserMetadata: ClaimsmithMetadataUpdate
    /** Merges a patch into `app_metadata`, first level only; `null` deletes a key. */
    updateAppMetadata: ClaimsmithMetadataUpdate
  }
  readonly domain: string
  readonly baseUrl: string
  readonly accessToken: string
}

/** Returns a promise, or calls back if there is a callback. */
interface ClaimsmithMetadataUpdate {
  (userId: string, metadata: object): Promise<import('claimsmith').User>
  (userId: string, metadata: object, callback: (error: Error | null, user?: import('claimsmith').User) => void): void
}

/** Denies the login, if a rule throws it or calls back with it. */
declare class UnauthorizedError extends Error {
  constructor(message?: string)
  readonly code: 'unauthorized'
  readonly statusCode: 401
  readonly description: string | undefined
}

declare class ValidationError extends Error {
  constructor(code?: string, message?: string)
  readonly code: string | undefined
  readonly description: string | undefined
}

declare class WrongUsernameOrPasswordError extends Error {
  constructor(userId?: string, message?: string)
  readonly code: 'invalid_user_password'
  readonly statusCode: 401
  readonly description: string
  readonly user_id: string | undefined
}

/** Kept from login to login. */
declare var global: any

// Modules that Auth0 put into the scope of rules. Some must be installed beside the rules.
declare const _: any
declare const async: any
declare const Auth0: any
declare const azure_storage: any
declare const bcrypt: any
declare const couchbase: any
declare const cql: any
declare var crypto: any
declare const ip: any
declare const jwt: any
declare const Knex: any
declare const mongo: any
declare const mysql: any
declare const mysql_pool: any
declare const ObjectID: any
declare const pbkdf2: any
declare const pg: any
declare const postgres: any
declare var process: any
declare const Pubnub: any
declare const q: any
declare const querystring: any
declare const request: any
declare const sqlserver: any
declare const uuid: any
declare const xml2js: any
declare const xmldom: any
declare const xpath: any
declare const xtend: any

// Rules may name a version: `require('lodash@4.17.19')`. A module without one has the types of its package.
declare module 'async@*'
declare module 'auth0@*'
declare module 'axios@*'
declare module 'bcrypt@*'
declare module 'ejs@*'
declare module 'ip@*'
declare module 'jsonwebtoken@*'
declare module 'knex@*'
declare module 'lodash@*'
declare module 'moment@*'
declare module 'moment-timezone@*'
declare module 'mongodb@*'
declare module 'mysql@*'
declare module 'node-fetch@*'
declare module 'pg@*'
declare module 'postman-request@*'
declare module 'q@*'
declare module 'querystring@*'
declare module 'request@*'
declare module 'request-promise@*'
declare module 'slack-notify@*'
declare module 'tedious@*'
declare module 'uuid@*'
declare module 'xml2js@*'
declare module 'xmldom@*'
declare module 'xpath@*'
declare module 'xtend@*'
