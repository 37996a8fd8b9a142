const text = { type: 'string' } as const
const texts = { type: 'array', items: text } as const
const count = { type: 'integer', minimum: 1 } as const
const verdict = { enum: ['runs', 'runs with warnings', 'will not run'] } as const

const moduleReport = {
  type: 'object',
  properties: { specifier: text, status: { enum: ['found', 'missing', 'refused'] }, version: text },
  required: ['specifier', 'status'],
  additionalProperties: false,
} as const

const finding = {
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
    message: text,
    cure: text,
    line: count,
    column: count,
  },
  required: ['level', 'kind', 'message', 'cure'],
  additionalProperties: false,
} as const

const rule = {
  type: 'object',
  properties: {
    name: text,
    file: text,
    enabled: { type: 'boolean' },
    dialect: { enum: ['rule', 'action'] },
    verdict,
    modules: { type: 'array', items: moduleReport },
    globals: texts,
    hosts: texts,
    configuration: {
      type: 'object',
      properties: { needed: texts, missing: texts },
      required: ['needed', 'missing'],
      additionalProperties: false,
    },
    claims: {
      type: 'object',
      properties: { idToken: texts, accessToken: texts },
      required: ['idToken', 'accessToken'],
      additionalProperties: false,
    },
    findings: { type: 'array', items: finding },
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
export const checkSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'What rules will meet',
  type: 'object',
  properties: {
    verdict,
    rules: { type: 'array', items: rule },
    install: texts,
    missingConfiguration: texts,
    realm: { enum: ['hardened', 'fresh'] },
  },
  required: ['verdict', 'rules', 'install', 'missingConfiguration', 'realm'],
  additionalProperties: false,
} as const
