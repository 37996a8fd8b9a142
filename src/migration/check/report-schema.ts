const textSchema = { type: 'string' } as const
const textListSchema = { type: 'array', items: textSchema } as const
const countSchema = { type: 'integer', minimum: 1 } as const
const verdict = { enum: ['runs', 'runs with warnings', 'will not run'] } as const

const moduleReportSchema = {
  type: 'object',
  properties: { specifier: textSchema, status: { enum: ['found', 'missing', 'refused'] }, version: textSchema },
  required: ['specifier', 'status'],
  additionalProperties: false,
} as const

const findingSchema = {
  type: 'object',
  properties: {
    level: { enum: ['error', 'warning', 'note'] },
    kind: {
      enum: [
        'syntax',
        'module-missing',
        'module-refused',
        'module-version',
        'module-computed',
        'module-writes',
        'builtin-writes',
        'callback',
        'configuration',
        'unknown-name',
        'auth0',
        'reserved-claim',
        'deprecated',
      ],
    },
    message: textSchema,
    cure: textSchema,
    line: countSchema,
    column: countSchema,
  },
  required: ['level', 'kind', 'message', 'cure'],
  additionalProperties: false,
} as const

const ruleReportSchema = {
  type: 'object',
  properties: {
    name: textSchema,
    file: textSchema,
    enabled: { type: 'boolean' },
    dialect: { enum: ['rule', 'action'] },
    verdict,
    modules: { type: 'array', items: moduleReportSchema },
    globals: textListSchema,
    hosts: textListSchema,
    configuration: {
      type: 'object',
      properties: { needed: textListSchema, missing: textListSchema },
      required: ['needed', 'missing'],
      additionalProperties: false,
    },
    claims: {
      type: 'object',
      properties: { idToken: textListSchema, accessToken: textListSchema },
      required: ['idToken', 'accessToken'],
      additionalProperties: false,
    },
    findings: { type: 'array', items: findingSchema },
  },
  required: [
    'name',
    'file',
    'enabled',
    'dialect',
    'verdict',
    'modules',
    'globals',
    'hosts',
    'configuration',
    'claims',
    'findings',
  ],
  additionalProperties: false,
} as const

/** What `claimsmith check --json` prints; the package ships it as `schemas/check.json`. */
export const checkReportSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'What rules will meet',
  type: 'object',
  properties: {
    verdict,
    rules: { type: 'array', items: ruleReportSchema },
    install: textListSchema,
    missingConfiguration: textListSchema,
    realm: { enum: ['hardened', 'fresh'] },
  },
  required: ['verdict', 'rules', 'install', 'missingConfiguration', 'realm'],
  additionalProperties: false,
} as const
