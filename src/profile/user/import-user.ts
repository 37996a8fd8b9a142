import { Ajv, type ErrorObject } from 'ajv'
import { attributeRows } from '../attributes/attributes.ts'
import { findInvalidMetadataName } from '../metadata/metadata-names.ts'
import { findUnstorable } from '../metadata/find-unstorable.ts'
import type { Metadata } from './user.ts'

/** One error in a user of an import, in Auth0's form. The message never repeats a value. */
export interface ImportError {
  readonly code: ImportErrorCode
  readonly message: string
  readonly path?: string
}

/** Those of Auth0's codes that can occur here. */
export type ImportErrorCode =
  | 'ANY_OF_MISSING'
  | 'CONFLICT'
  | 'CONFLICT_EMAIL'
  | 'CONFLICT_USERNAME'
  | 'DUPLICATED_USER'
  | 'ENUM_MISMATCH'
  | 'INVALID_FORMAT'
  | 'INVALID_TYPE'
  | 'MAX_LENGTH'
  | 'MFA_FACTORS_FAILED'
  | 'MIN_LENGTH'
  | 'NOT_PASSED'
  | 'OBJECT_ADDITIONAL_PROPERTIES'
  | 'OBJECT_REQUIRED'
  | 'PATTERN'

/** A valid user of an import. */
export interface ImportUser {
  readonly user_id?: string
  readonly email?: string
  readonly username?: string
  readonly user_metadata?: Metadata
  readonly app_metadata?: Metadata
  readonly [attribute: string]: unknown
}

/** The hash algorithms whose passwords can be verified here. */
const algorithms = ['argon2', 'bcrypt'] as const

const utf8 = { type: 'object', properties: { encoding: { enum: ['utf8'] } }, additionalProperties: false } as const

/** A user of an import: the attributes that a user can be created with, and hashes instead of the password. */
const importUserSchema = {
  type: 'object',
  properties: {
    ...Object.fromEntries(
      attributeRows
        .filter(([name, { isCreatable }]) => isCreatable && name !== 'password')
        .map(([name, { schema, description }]) => [name, { ...schema, description }]),
    ),
    password_hash: { type: 'string', description: 'a bcrypt hash, $2a$ or $2b$' },
    custom_password_hash: {
      type: 'object',
      description: 'an Argon2 PHC string or a bcrypt hash',
      properties: {
        algorithm: { enum: algorithms },
        hash: {
          type: 'object',
          properties: { value: { type: 'string' }, encoding: { enum: ['utf8'] } },
          required: ['value'],
          additionalProperties: false,
        },
        password: utf8,
      },
      required: ['algorithm', 'hash'],
      additionalProperties: false,
    },
    mfa_factors: { type: 'array', description: 'must be empty: there are no second factors here' },
  },
  anyOf: [{ required: ['email'] }, { required: ['username'] }, { required: ['phone_number', 'user_id'] }],
  additionalProperties: false,
} as const

const ajv = new Ajv({ strict: true, strictRequired: false, allErrors: true, verbose: true, allowUnionTypes: true })
const maxErrors = 20

/** Finds the errors in a value from an import file; empty if it is a valid user. */
export function findImportErrors(value: unknown): readonly ImportError[] {
  const unsafeValue = findUnsafeValue(value)
  if (unsafeValue !== undefined) return [{ code: 'NOT_PASSED', message: unsafeValue }]
  const isValid = ajv.compile(importUserSchema)
  if (!isValid(value)) return toSchemaErrors(isValid.errors ?? [])
  const user = value as ImportUser & { readonly mfa_factors?: readonly unknown[] }
  return [...findMetadataErrors(user), ...findPasswordErrors(user)]
}

/** Returns the password hash of a user of an import, and its path. */
export function getPasswordHash(user: ImportUser): { readonly hash: string; readonly path: string } | undefined {
  const { password_hash: plainHash, custom_password_hash: customHash } = user
  if (typeof plainHash === 'string') return { hash: plainHash, path: 'password_hash' }
  if (customHash === undefined) return undefined
  return { hash: (customHash as { hash: { value: string } }).hash.value, path: 'custom_password_hash.hash.value' }
}

/**
 * Copies a value for an error report, without passwords and hashes at any depth. Returns `undefined` if the value has no
 * JSON, or is nested too deeply.
 */
export function removeHashes(value: unknown): unknown {
  if (findUnstorable(value) !== undefined) return undefined
  const text = JSON.stringify(value, (name, inner: unknown) =>
    /passw|hash$/i.test(name) || (typeof inner === 'string' && /\$(2[a-z]?|argon2\w*)\$/.test(inner))
      ? undefined
      : inner,
  )
  return text === undefined ? undefined : (JSON.parse(text) as unknown)
}

/** Finds names that would reach a prototype, and values that no database stores. */
function findUnsafeValue(value: unknown): string | undefined {
  const reason = findUnstorable(value)
  if (reason !== undefined) return reason
  const stack: unknown[] = [value]
  for (let part = stack.pop(); part !== undefined; part = stack.pop()) {
    if (typeof part !== 'object' || part === null) continue
    const { constructor } = part as { readonly constructor: unknown }
    const hasPrototype = Object.hasOwn(part, 'constructor') && Object.hasOwn(Object(constructor) as object, 'prototype')
    if (Object.hasOwn(part, '__proto__') || hasPrototype) return "A name is not allowed: '__proto__', or 'constructor'."
    stack.push(...Object.values(part).filter((inner) => typeof inner === 'object'))
  }
  return undefined
}

function toSchemaErrors(errors: readonly ErrorObject[]): readonly ImportError[] {
  // With anyOf, ajv lists the errors of each branch before its own.
  const ownErrors = errors.filter(({ schemaPath }) => !schemaPath.startsWith('#/anyOf/'))
  const isWrongAlgorithm = ownErrors.some(({ instancePath }) => instancePath === '/custom_password_hash/algorithm')
  return ownErrors
    .filter(({ instancePath }) => !isWrongAlgorithm || !/^\/custom_password_hash(?!\/algorithm)/.test(instancePath))
    .slice(0, maxErrors)
    .map(toImportError)
}

type ErrorTemplate = readonly [code: ImportErrorCode, say: (params: Readonly<Record<string, unknown>>) => string]

const errorTemplates: Readonly<Record<string, ErrorTemplate>> = {
  type: ['INVALID_TYPE', ({ type }) => `expected type ${String(type)}`],
  pattern: ['PATTERN', ({ pattern }) => `expected text that matches ${String(pattern)}`],
  minLength: ['MIN_LENGTH', ({ limit }) => `expected at least ${String(limit)} characters`],
  maxLength: ['MAX_LENGTH', ({ limit }) => `expected at most ${String(limit)} characters`],
  enum: ['ENUM_MISMATCH', ({ allowedValues }) => `expected one of ${(allowedValues as string[]).join(', ')}`],
  required: ['OBJECT_REQUIRED', ({ missingProperty }) => `the property ${String(missingProperty)} is missing`],
  anyOf: ['ANY_OF_MISSING', () => 'a user needs an email, a username, or a phone_number and a user_id'],
  additionalProperties: [
    'OBJECT_ADDITIONAL_PROPERTIES',
    ({ additionalProperty }) => `the property ${String(additionalProperty)} is not allowed`,
  ],
}

function toImportError({ keyword, params, instancePath }: ErrorObject): ImportError {
  const [code, formatMessage] = errorTemplates[keyword] ?? ['NOT_PASSED', () => 'the value is not valid']
  const path = instancePath.slice(1).replaceAll('/', '.')
  if (path === '') return { code, message: `Error in the user - ${formatMessage(params)}.` }
  if (path === 'email' && code === 'PATTERN') {
    return { code: 'INVALID_FORMAT', message: 'Error in email property - expected an e-mail address.', path }
  }
  return { code, message: `Error in ${path} property - ${formatMessage(params)}.`, path }
}

function findMetadataErrors(user: ImportUser): ImportError[] {
  const paths = (['user_metadata', 'app_metadata'] as const).flatMap(
    (name) => findInvalidMetadataName(name, user[name] ?? {}) ?? [],
  )
  return paths.map((path) => ({
    code: 'NOT_PASSED',
    message: `Error in ${path} property - this name is reserved, or holds a character that names may not have.`,
    path,
  }))
}

function findPasswordErrors(user: ImportUser & { readonly mfa_factors?: readonly unknown[] }): ImportError[] {
  const errors: ImportError[] = []
  if (user['password_hash'] !== undefined && user['custom_password_hash'] !== undefined) {
    const message = 'Error in custom_password_hash property - give it or password_hash, not both.'
    errors.push({ code: 'NOT_PASSED', message, path: 'custom_password_hash' })
  }
  if ((user.mfa_factors ?? []).length > 0) {
    const message = 'Error in mfa_factors property - second factors cannot be imported; leave them out.'
    errors.push({ code: 'MFA_FACTORS_FAILED', message, path: 'mfa_factors' })
  }
  return errors
}
