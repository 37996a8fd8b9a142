import { ruleErrorCodes } from '../../errors/codes.ts'
import type { FromWorker, RuleCounts } from './protocol.ts'
import { prepareRecords } from './records.ts'
import { buildObjectSchema, isValid, readAs } from './schema-check.ts'

/** Checks of a worker's messages. Rules run there, so a rule that escapes its isolate may send any message. */

const text = { type: 'string' } as const
const number = { type: 'number' } as const
const boolean = { type: 'boolean' } as const
const id = { type: 'integer', minimum: 1 } as const

const error = buildObjectSchema(['code', 'message'], { code: { enum: ruleErrorCodes }, message: text, rule: text })
const suspended = buildObjectSchema(['by', 'action'], { by: { enum: ['redirect', 'challenge'] }, action: text })
const metadata = buildObjectSchema([], { user: { type: 'object' }, app: { type: 'object' } })
const readings = { type: 'array', items: { type: 'array', items: number, minItems: 2, maxItems: 2 } }
const shared = { type: 'object', additionalProperties: text }
const buildMessageSchema = (
  type: FromWorker['type'],
  properties: Record<string, object>,
  optional: Record<string, object> = {},
) => buildObjectSchema(['type', ...Object.keys(properties)], { type: { const: type }, ...properties, ...optional })

const fromWorkerSchemas: Readonly<Record<FromWorker['type'], object>> = {
  ready: buildMessageSchema('ready', {}),
  need: buildMessageSchema('need', { hash: text }),
  sideEffect: buildMessageSchema('sideEffect', { id }),
  call: buildMessageSchema('call', { id, op: id, name: text, body: text }),
  exchange: buildMessageSchema('exchange', { id, text }),
  evicted: buildMessageSchema('evicted', { id }),
  pong: buildMessageSchema('pong', {}),
  coverage: buildMessageSchema('coverage', { hash: text, counts: text }),
  inspected: buildMessageSchema('inspected', { message: text }),
  stub: buildMessageSchema('stub', { id, body: text }),
  waiting: buildMessageSchema('waiting', { id }),
  done: buildMessageSchema(
    'done',
    { id, status: { enum: ['ok', 'deny', 'error'] }, login: text, rules: text },
    {
      reason: text,
      reasonCode: text,
      error,
      suspended,
      metadata,
      readings,
      shared,
      sharedWrite: text,
      hasSideEffects: boolean,
      isDelta: boolean,
    },
  ),
}

const offset = { type: 'integer', minimum: 0 } as const
const range = buildObjectSchema(['startOffset', 'endOffset', 'count'], {
  startOffset: offset,
  endOffset: offset,
  count: number,
})
const functionCounts = buildObjectSchema(['functionName', 'ranges', 'isBlockCoverage'], {
  functionName: text,
  isBlockCoverage: boolean,
  ranges: { type: 'array', items: range, minItems: 1 },
})
const countsSchema = {
  type: 'array',
  items: buildObjectSchema(['rule', 'functions'], {
    rule: offset,
    functions: { type: 'array', items: functionCounts },
  }),
}

/** Parses execution counts; undefined if the JSON is anything else. */
export function readCounts(json: string): RuleCounts[] | undefined {
  return readAs(countsSchema, json)
}

/** Compiles the checks of the messages that every run needs. Call it while a worker starts. */
export function prepareChecks(): void {
  for (const type of ['ready', 'need', 'pong', 'done'] as const) isValid(fromWorkerSchemas[type], undefined)
  prepareRecords()
}

/** Whether `value` is a message that a worker may send. */
export function isFromWorker(value: unknown): value is FromWorker {
  if (typeof value !== 'object' || value === null) return false
  const { type } = value as { readonly type: string }
  return Object.hasOwn(fromWorkerSchemas, type) && isValid(fromWorkerSchemas[type as FromWorker['type']], value)
}
