import type { FromSchema } from 'json-schema-to-ts'

/** Whether a rule runs here. `runs with warnings`: it runs, and a finding deserves a look. */
export type Verdict = CheckReport['verdict']

/** The result of checking rules; nothing was run for it. */
export type CheckReport = DeepReadonly<FromSchema<typeof checkReportSchema>>

export type RuleReport = DeepReadonly<FromSchema<typeof ruleReportSchema>>

export type ModuleReport = DeepReadonly<FromSchema<typeof moduleReportSchema>>

/** Something about a rule. An `error` keeps it from running, a `warning` may surprise, a `note` is good to know. */
export type Finding = DeepReadonly<FromSchema<typeof findingSchema>>

type DeepReadonly<T> = { readonly [Key in keyof T]: DeepReadonly<T[Key]> }

const textSchema = { type: 'string' } as const
const textListSchema = { type: 'array', items: textSchema } as const
/** Lines and columns count from 1. */
const positionSchema = { type: 'integer', minimum: 1 } as const
const verdictSchema = { enum: ['runs', 'runs with warnings', 'will not run'] } as const

const moduleReportSchema = {
  type: 'object',
  properties: {
    /** As the rule wrote it. */
    specifier: textSchema,
    status: { enum: ['found', 'missing', 'refused'] },
    /** The version that was found, if its package declares one. */
    version: textSchema,
  },
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
    line: positionSchema,
    column: positionSchema,
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
    verdict: verdictSchema,
    modules: { type: 'array', items: moduleReportSchema },
    /** The names it uses that Auth0 put into the scope of rules. */
    globals: textListSchema,
    /** The hosts that it calls; `${…}` replaces what the text does not show. */
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

/** The JSON that `claimsmith check --json` prints; the package ships it as `schemas/check.json`. */
export const checkReportSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'What rules will meet',
  type: 'object',
  properties: {
    /** The worst verdict of the enabled rules. */
    verdict: verdictSchema,
    rules: { type: 'array', items: ruleReportSchema },
    /** Packages to install beside the rules, as npm takes them: `lodash@4.17.19`. */
    install: textListSchema,
    /** Keys that rules read and no file sets. Keys that actions miss are in each action's report. */
    missingConfiguration: textListSchema,
    /** What the option `network` needs, so that the enabled rules can call what they call. */
    network: {
      type: 'object',
      properties: {
        /** Entries of `network.hosts`. */
        hosts: textListSchema,
        /** Hosts that neither the text nor the configuration shows. A recording has no file. */
        unresolved: {
          type: 'array',
          items: {
            type: 'object',
            properties: { text: textSchema, file: textSchema, line: positionSchema, column: positionSchema },
            required: ['text'],
            additionalProperties: false,
          },
        },
      },
      required: ['hosts', 'unresolved'],
      additionalProperties: false,
    },
    /**
     * `fresh` if a rule writes to builtins or to a module's exports, or requires a package that is installed beside the rules:
     * every login then gets new ones.
     */
    realm: { enum: ['hardened', 'fresh'] },
    /** What rules require that is installed beside them, or the globals of such packages: every login evaluates it anew. */
    isolatedModules: textListSchema,
  },
  required: ['verdict', 'rules', 'install', 'missingConfiguration', 'network', 'realm', 'isolatedModules'],
  additionalProperties: false,
} as const
