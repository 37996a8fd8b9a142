import { ruleErrorCodes } from '../../errors/codes.ts'

const text = { type: 'string' } as const
const milliseconds = { type: 'number', minimum: 0 } as const
const anyObject = { type: 'object' } as const

const ruleError = {
  type: 'object',
  properties: { code: { enum: ruleErrorCodes }, message: text, rule: text },
  required: ['code', 'message'],
  additionalProperties: false,
} as const

const change = {
  description: 'One operation of RFC 6902, over { user, context }.',
  type: 'object',
  properties: { op: { enum: ['add', 'remove', 'replace', 'move', 'copy', 'test'] }, path: text, from: text, value: {} },
  required: ['op', 'path'],
  additionalProperties: false,
} as const

const logLine = {
  type: 'object',
  properties: { level: { enum: ['debug', 'log', 'info', 'warn', 'error'] }, message: text },
  required: ['level', 'message'],
  additionalProperties: false,
} as const

const request = {
  type: 'object',
  properties: { method: text, url: text, status: { type: 'integer' }, durationMs: milliseconds, error: text },
  required: ['method', 'url', 'durationMs'],
  additionalProperties: false,
} as const

const rule = {
  type: 'object',
  properties: {
    name: text,
    status: { enum: ['ok', 'deny', 'error', 'skipped'] },
    durationMs: milliseconds,
    cpuMs: milliseconds,
    changes: { type: 'array', items: change },
    logs: { type: 'array', items: logLine },
    requests: { type: 'array', items: request },
    error: ruleError,
  },
  required: ['name', 'status', 'durationMs', 'cpuMs', 'changes', 'logs', 'requests'],
  additionalProperties: false,
} as const

const update = {
  description: 'Metadata that a rule or an action had saved.',
  type: 'object',
  properties: { of: { enum: ['user_metadata', 'app_metadata'] }, userId: text, data: anyObject, error: text },
  required: ['of', 'userId', 'data'],
  additionalProperties: false,
} as const

/** An outcome as JSON: what `claimsmith run --json` prints. The package has it as `schemas/outcome.json`. */
export const outcomeSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'The outcome of one login',
  type: 'object',
  properties: {
    outcome: { enum: ['allow', 'deny', 'redirect', 'challenge', 'error'] },
    reason: text,
    reasonCode: text,
    error: ruleError,
    redirect: { type: 'object', properties: { url: text }, required: ['url'], additionalProperties: false },
    state: text,
    multifactor: anyObject,
    user: anyObject,
    context: anyObject,
    claims: {
      type: 'object',
      properties: { idToken: anyObject, accessToken: anyObject },
      required: ['idToken', 'accessToken'],
      additionalProperties: false,
    },
    updates: { type: 'array', items: update },
    rules: { type: 'array', items: rule },
  },
  required: ['outcome', 'user', 'context', 'claims', 'rules'],
  additionalProperties: false,
} as const
